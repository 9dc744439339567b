"""What is asked about a date that cannot be had, and what is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from scheduling.models import Clinician, Location, Room
from scheduling.queries.openings.opening import Opening
from scheduling.queries.openings.search import Search


@dataclass(frozen=True, kw_only=True)
class Ask(Search):
    """A search of one location on one local date, `day`. See `why_not`."""

    location: Location

    @classmethod
    def of(cls, search: Search) -> Ask:
        """The question about the first date of a search. Raises ValueError if it names no location."""
        if search.location is None:
            raise ValueError("why not is asked of one location")
        return cls(**{**vars(search), "until": search.first + timedelta(days=1)})

    @property
    def day(self) -> date:
        """The local date on which something is to start."""
        return self.first


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """One thing that stands in the way. `reason`: a stable code (`availability.obstacles.Why`, and “away”); `words`:
    one sentence for staff, in wall time of the location, which names clinicians and rooms and never a client of another
    booking. `block`: its name in a program. `starts_at`, `ends_at`: UTC, of the block or visit that is blocked; None
    where it is the whole date."""

    reason: str
    words: str
    block: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    clinician: Clinician | None = None
    room: Room | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """What would open the date. `kind`: see `availability.changes.Kind`. `opening`: bookable as it is (another
    clinician, another day), else None."""

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
