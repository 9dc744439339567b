"""The question why a date has no opening, and the answer: obstacles and the changes that would open it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from scheduling.models import Clinician, Location, Room
from scheduling.queries.openings.opening import Opening
from scheduling.queries.openings.search import Search


@dataclass(frozen=True, kw_only=True)
class Ask(Search):
    """One question: a search at one location on one local date. See `why_not`."""

    location: Location

    @classmethod
    def of(cls, search: Search) -> Ask:
        """The question about the first date of a search. Raises ValueError if it names no location."""
        if search.location is None:
            raise ValueError("why not is asked of one location")
        return cls(**{**vars(search), "until": search.first + timedelta(days=1)})

    @property
    def day(self) -> date:
        """The local date of `location` on which the service is to start."""
        return self.first


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """One thing that keeps the service from starting on the date.

    `reason`: a stable code, which is a value of `availability.explain.obstacles.Why`, “away”, or a code of `group`.
    `words`: one sentence for staff, in wall time of the location; it names clinicians and rooms, never a client of
    another booking. `block`: the name of the program's block. `starts_at`, `ends_at`: UTC, of the blocked visit or
    block; None for the whole date.
    """

    reason: str
    words: str
    block: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    clinician: Clinician | None = None
    room: Room | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change that would open the date. `kind`: a value of `availability.explain.single_changes.Kind`.

    `words`: one sentence for staff. `opening`: set if it can be booked as it is (another clinician, another day).
    """

    kind: str
    words: str
    opening: Opening | None = None


@dataclass(frozen=True, kw_only=True)
class WhyNot:
    """The answer for the local `date` of `location`. Obstacles are given exactly if there are no openings.

    `changes`: the smallest change first.
    """

    date: date
    location: Location
    openings: list[Opening] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
