"""Why a service cannot start on a date at a place, and the smallest changes that open it. For staff."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from scheduling.models import Clinician, Location, Room, Service

from .opening import Opening
from .openings import openings
from .wishes import STRANGERS, Party


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """One thing that stands in the way. `reason`: a stable code; `words`: one sentence for staff, in wall time of the
    location, which names clinicians and rooms and never a client of another booking. `block`: its name in a program.
    `starts_at`, `ends_at`: UTC, of the block or visit that is blocked."""

    reason: str
    words: str
    block: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    clinician: Clinician | None = None
    room: Room | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """What would open the date. `opening`: bookable as it is (another time, another clinician), else None."""

    kind: str
    words: str
    opening: Opening | None = None


@dataclass(frozen=True, kw_only=True)
class WhyNot:
    """`date`: local date of `location`. No obstacles exactly if there are openings. `changes`: the smallest first."""

    date: date
    location: Location
    openings: list[Opening] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def why_not(
    *,
    service: Service,
    location: Location,
    day: date,
    now: datetime,
    clinician: Clinician | None = None,
    mode: str | None = None,
    party: Party = STRANGERS,
    waive_notice: bool = True,
) -> WhyNot:
    """Openings of `service` that start on the local date `day` at `location`, or what stands in their way."""
    found = openings(
        service=service,
        first=day,
        until=day + timedelta(days=1),
        now=now,
        location=location,
        clinician=clinician,
        mode=mode,
        party=party,
        waive_notice=waive_notice,
    )
    obstacles = [] if found.openings else [Obstacle(reason="taken", words="Nobody is free on this date.")]
    return WhyNot(date=day, location=location, openings=found.openings, obstacles=obstacles)
