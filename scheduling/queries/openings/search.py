"""A search for openings, and one opening that a party wants: the arguments of every function that asks for time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduling.availability.timegrid.walltime import local_date
from scheduling.models import Clinician, Location, Service
from scheduling.opening_id import OpeningId
from scheduling.queries.openings.criteria import STRANGERS, Party


@dataclass(frozen=True, kw_only=True)
class Search:
    """A search for openings of `service` that start from the local date `first` to `until` (exclusive), as of `now`.

    `location`, `clinician`, `mode`: None for any. `party`: who will attend. `waive_notice`: for staff.
    `gender`: only clinicians of it; in a program they are only tried first in every role. `teams`: most plans of a
    program for each start and place. `enrolls_at`: see `Wanted`.
    """

    service: Service
    first: date
    until: date
    now: datetime
    location: Location | None = None
    clinician: Clinician | None = None
    mode: str | None = None
    party: Party = STRANGERS
    waive_notice: bool = False
    gender: str = ""
    teams: int = 1
    enrolls_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One opening that `party` wants: its decoded id, with the rows that the id names.

    `waive_notice`: book inside the notice, as the office's own desk may; never in the past. `enrolls_at`: when the
    party asked for a seat in a group, if that was earlier than now (a late payment).
    """

    pin: OpeningId
    service: Service
    location: Location
    party: Party = STRANGERS
    waive_notice: bool = False
    enrolls_at: datetime | None = None

    def search(self, now: datetime) -> Search:
        """The search that lists this opening, if it is free: its local date at its location."""
        day = local_date(self.pin.starts_at, self.location.tzinfo)
        return Search(
            service=self.service,
            first=day,
            until=day + timedelta(days=1),
            now=now,
            location=self.location,
            party=self.party,
            waive_notice=self.waive_notice,
            enrolls_at=self.enrolls_at,
        )
