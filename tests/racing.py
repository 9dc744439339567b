"""Threads that start together, each on a connection of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def together(count: int, act: Callable[[int], T]) -> list[T | Exception]:
    """What `act(0)` to `act(count - 1)` gave or raised, all let go at one moment. Needs committed data."""
    start = Barrier(count)

    def run(number: int) -> T | Exception:
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            return act(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


# Of this database: another worker's tests wait in theirs, on the same server.
WAITING = """SELECT EXISTS (
    SELECT FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()
)"""


def wait_for_somebody(seconds: float = 30) -> None:
    """Return as soon as somebody waits for a lock, asked on a connection that waits for nothing itself."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
