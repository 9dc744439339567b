"""Why time cannot be taken or kept: the refusals that every booking verb may raise."""

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
    """The time is not free any more, or never was bookable. The verb that answers a person fills in `alternatives`.

    `words`: what a person is told, if it is more than the reason.
    """

    def __init__(self, reason: Reason = Reason.TAKEN, words: str = "") -> None:
        super().__init__(words or WORDS[reason])
        self.reason = reason
        self.alternatives: list[Opening] = []


class HoldEnded(Exception):
    """The time was held, but is not any more."""


class TooManyHolds(Exception):
    """One visitor already holds as much as one visitor may (F19)."""


@contextmanager
def refusing_overlap() -> Iterator[None]:
    """Turn an overlap that the database refused, or a lock lost too often, into Taken instead of a server error."""
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
