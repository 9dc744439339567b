"""Many callers at once, each on a thread and a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")


class Crowd:
    """A pool of threads that run one function at the same time, started by a barrier."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._pool = ThreadPoolExecutor(size)
        self._barrier = threading.Barrier(size, timeout=60)

    def at_once(self, act: Callable[[], T]) -> list[T]:
        """Run `act` on every thread; returns all results. Raises the first error."""
        return [future.result() for future in [self._pool.submit(self._together, act) for _ in range(self.size)]]

    def _together(self, act: Callable[[], T]) -> T:
        connection.ensure_connection()
        self._barrier.wait()
        return act()

    def leave(self) -> None:
        """Close the connections, because the server counts their deadlocks only then, and end the threads."""
        self.at_once(lambda: connection.close())
        self._pool.shutdown()


@contextmanager
def a_crowd(size: int) -> Iterator[Crowd]:
    crowd = Crowd(size)
    try:
        yield crowd
    finally:
        crowd.leave()


def deadlocks() -> int:
    """Number of deadlocks in this database so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        found: Any = cursor.fetchone()
    return int(found[0])
