"""The same wall time every n weeks: which dates can be booked, and what could take the place of those that cannot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from .opening import Opening
from .wishes import STRANGERS, Party


class BadSeries(Exception):
    """These dates cannot be one booking; `str()` says why in words for a person."""


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One date of a series, local to the location. `starts_at`: UTC; None if no or two instants have its wall time.

    `clash`: one sentence if it cannot be booked, else empty. `alternatives`: at most three starts (UTC) of the same
    clinician, place and mode in the same week, the nearest first.
    """

    date: date
    starts_at: datetime | None
    clash: str
    alternatives: list[datetime]


@dataclass(frozen=True, kw_only=True)
class Series:
    """`opening` holds every start that is free: its id books them, once no occurrence clashes."""

    opening: Opening
    occurrences: list[Occurrence]
    every_n_weeks: int


def series(
    *,
    opening: Opening,
    times: int | None,
    every_n_weeks: int,
    now: datetime,
    party: Party = STRANGERS,
    waive_notice: bool = False,
    skip: Collection[date] = (),
    move: Mapping[date, datetime] | None = None,
) -> Series:
    """The series that begins with `opening`: `times` dates, or None for a standing appointment.

    `skip`, `move`: dates of the series left out, or held at another start (UTC). Raises BadSeries, UnknownOpening.
    """
    raise NotImplementedError
