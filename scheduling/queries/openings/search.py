"""What openings are searched for, and the one that somebody wants: carriers for every verb that asks for time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduling.availability.timegrid.walltime import local_date
from scheduling.models import Clinician, Location, Service
from scheduling.opening_id import OpeningId
from scheduling.queries.openings.criteria import STRANGERS, Party


@dataclass(frozen=True, kw_only=True)
class Search:
    """Openings of `service` that start on the local dates `first` to `until` (exclusive), as of `now`.

    `location`, `clinician`, `mode`: None for any. `party`: who will attend. `waive_notice`: for staff.
    `gender`: only clinicians of it; in a program, where several work together, they are tried first in every role.
    `teams`: plans of a program for each start and place, as far as there are. `enrolls_at`: see `Wanted`.
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
    """One opening that `party` wants: what its id names, with the rows.

    `waive_notice`: the desk of the office books inside the notice, nobody in the past. `enrolls_at`: when they asked
    for a seat in a group, if that was earlier (paid late).
    """

    pin: OpeningId
    service: Service
    location: Location
    party: Party = STRANGERS
    waive_notice: bool = False
    enrolls_at: datetime | None = None

    def search(self, now: datetime) -> Search:
        """The search that lists it: its local date at its location."""
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
