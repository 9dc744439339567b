"""Medians, memory and one table."""

import statistics
import time
import tracemalloc
from collections.abc import Callable


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


def line(name: str, ours: float, floor: float, goal: float | None, *more: str) -> None:
    """One row: what, our milliseconds, the floor's, the ratio and its goal."""
    wanted = f"goal {goal:g}" if goal else ""
    print(f"{name:46s} {ours:9.2f} ms  floor {floor:9.2f} ms  ratio {ours / floor:6.1f}  {wanted:9s}", *more)  # noqa: T201
