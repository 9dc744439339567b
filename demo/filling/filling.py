"""Doing the jobs: those before and after the visits one by one, the visits in two processes."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterable
from multiprocessing.queues import SimpleQueue

from django.db import connections

from demo import processes
from demo.practice.scene import Scene

from . import progress
from .jobs import Job, after_visits, before_visits, visits

Tell = Callable[[int], None]


class Interrupted(Exception):
    """A process that fills calendars ended before its list did."""


class Progress:
    """Counts what is done and tells the pages; what an earlier filling did is counted as it is found."""

    def __init__(self, of: int) -> None:
        self.done, self.of = 0, of
        progress.write(0, of)

    def add(self, weight: int) -> None:
        self.done += weight
        progress.write(self.done, self.of)


def fill(scene: Scene, *, parallel: bool) -> None:
    """Do every job, and note at the end that the practice is filled."""
    before, halves, after = before_visits(), visits(scene), after_visits()
    every = [*before, *after, *(job for half in halves for job in half)]
    so_far = Progress(sum(job.weight for job in every))
    _do(before, scene, so_far.add)
    if parallel:
        _do_in_processes(halves, scene, so_far.add)
    else:
        for half in halves:
            _do(half, scene, so_far.add)
    _do(after, scene, so_far.add)
    progress.finish()


def _do(jobs: Iterable[Job], scene: Scene, tell: Tell) -> None:
    for job in jobs:
        started = time.monotonic()
        job.work(scene)
        print(f"{job.name}: {time.monotonic() - started:.1f} s", flush=True)
        tell(job.weight)


def _do_in_processes(halves: list[list[Job]], scene: Scene, tell: Tell) -> None:
    context = multiprocessing.get_context("fork")
    told: SimpleQueue[int] = context.SimpleQueue()
    connections.close_all()  # each process opens its own
    hook = processes.ends_with_parent(signal.SIGKILL)
    children = [context.Process(target=_child, args=(half, scene, told, hook)) for half in halves]
    for child in children:
        child.start()
    for _ in range(len(children)):
        while weight := told.get():
            tell(weight)
    for child in children:
        child.join()
        if child.exitcode:
            raise Interrupted(f"A process that fills calendars ended with code {child.exitcode}.")


def _child(jobs: list[Job], scene: Scene, told: SimpleQueue[int], hook: Callable[[], None] | None) -> None:
    if hook:
        hook()
    try:
        _do(jobs, scene, told.put)
    finally:
        told.put(0)  # nothing more comes from here
        connections.close_all()
