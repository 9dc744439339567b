"""What openings are searched for: one carrier for listing, why-not, groups and whatever asks for times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from scheduling.models import Clinician, Location, Service
from scheduling.queries.openings.criteria import STRANGERS, Party


@dataclass(frozen=True, kw_only=True)
class Search:
    """Openings of `service` that start on the local dates `first` to `until` (exclusive), as of `now`.

    `location`, `clinician`, `mode`: None for any. `party`: who will attend. `waive_notice`: for staff.
    `gender`: only clinicians of it; in a program, where several work together, they are tried first in every role.
    `teams`: plans of a program for each start and place, as far as there are. `enrolls_at`: when they asked for a seat
    in a group, if before `now` (paid late).
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
