"""Medians, memory, and the rows of the one table."""

import os
import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """Milliseconds of ours and of the floor. `goal`: the most that the ratio of the two should be.

    `megabytes`: the most held at once. `grows`: which measure of the data, and its size here.
    """

    group: str
    name: str
    ours: float
    floor: float
    goal: float | None
    queries: int | None = None
    megabytes: float | None = None
    grows: tuple[str, int] | None = None
    more: str = ""

    @property
    def ratio(self) -> float:
        return self.ours / self.floor


GROUPS = SLOTS, PROGRAMS, OPENINGS, HTTP = (
    "Slots, the pure core",
    "Programs, the pure core",
    "Openings with the database",
    "Openings by HTTP",
)
rows: list[Row] = []


def alternating(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Median milliseconds of each of `works`, run in turn, so that whatever else runs slows all of them alike."""
    took: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(rounds):
        for times, work in zip(took, works, strict=True):
            began = time.perf_counter()
            work()
            times.append((time.perf_counter() - began) * 1e3)
    return [statistics.median(times) for times in took]


def peak_megabytes(work: Callable[[], object]) -> float:
    """The most that `work` held at once, of what Python allocates."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def line(name: str, ours: float, floor: float, goal: float | None, *more: str, **facts) -> None:
    """Note one row, and tell it at once. `facts` are further fields of Row."""
    group = _group(os.environ["PYTEST_CURRENT_TEST"], name)
    row = Row(group=group, name=name, ours=ours, floor=floor, goal=goal, more=", ".join(more), **facts)
    rows.append(row)
    wanted = f"goal {goal:.3g}" if goal else ""
    print(f" {name:52s} {ours:9.2f} ms  floor {floor:9.2f} ms  ratio {row.ratio:6.3g}  {wanted:9s} {row.more}")  # noqa: T201


def _group(test: str, name: str) -> str:
    if "test_http" in test:
        return HTTP
    if "test_openings" in test:
        return OPENINGS
    return SLOTS if name.startswith("slots") else PROGRAMS
