"""The durable wrapper around a verb, and the assertion that every step makes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, OperationalError, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")

DEADLOCK, SERIALIZATION, LOCK_TIMEOUT, EXCLUSION = "40P01", "40001", "55P03", "23P01"
RETRIED = frozenset({DEADLOCK, SERIALIZATION, LOCK_TIMEOUT})
TRIES = 3


def sqlstate_of(error: BaseException) -> str:
    """The SQLSTATE behind a Django database error, or an empty string."""
    return str(getattr(error.__cause__, "sqlstate", None) or "")


def durable(verb: Callable[P, R]) -> Callable[P, R]:
    """Run `verb` in one outermost transaction, and retry it up to `TRIES` times in all if it lost a lock (F2).

    Raises RuntimeError when called inside another transaction, so that one verb cannot hide another's commit.
    """

    @functools.wraps(verb)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, TRIES + 1):
            try:
                with transaction.atomic(durable=True):
                    return verb(*args, **kwargs)
            except OperationalError as error:
                if sqlstate_of(error) not in RETRIED or attempt == TRIES:
                    raise
        raise AssertionError("unreachable")

    return wrapper


def assert_in_transaction() -> None:
    """Raise RuntimeError unless a transaction is open: a step runs only inside the transaction of a verb."""
    if not connection.in_atomic_block:
        raise RuntimeError("A step was called outside a transaction.")


def is_overlap(error: DatabaseError) -> bool:
    """True if the exclusion constraint refused an overlapping reservation."""
    return sqlstate_of(error) == EXCLUSION
