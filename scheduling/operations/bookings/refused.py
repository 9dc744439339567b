"""Refusals that any booking verb may raise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError

from backend.transactions import RETRIED, is_overlap, sqlstate_of
from scheduling.availability.refusals import Reason
from scheduling.queries.openings.opening import Opening
from scheduling.queries.openings.refusals import WORDS

HOLD_MINUTES = 15


class Taken(Exception):
    """The time is not free any more, or could never be booked. The outermost verb fills in `alternatives`.

    `words`: the message, if it says more than the reason's own words.
    """

    def __init__(self, reason: Reason = Reason.TAKEN, words: str = "") -> None:
        super().__init__(words or WORDS[reason])
        self.reason = reason
        self.alternatives: list[Opening] = []


class HoldEnded(Exception):
    """The hold has expired, or was released or confirmed."""


class TooManyHolds(Exception):
    """This visitor has as many live holds as one visitor may have (F19)."""


@contextmanager
def refusing_overlap() -> Iterator[None]:
    """Turn an overlap that the database refused, or a lock lost on every retry, into Taken."""
    try:
        yield
    except IntegrityError as error:
        if is_overlap(error):
            raise Taken from error
        raise
    except OperationalError as error:
        if sqlstate_of(error) in RETRIED:
            raise Taken from error
        raise
