"""The snapshot on which everything is decided: a loader fills it, listing and booking read it.

All masks are over `Snapshot.window`. Ids are those of the locations and of the resources (clinicians, rooms and
clients share one numbering).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduling.availability.timegrid.grid import Window
from scheduling.availability.timegrid.travel import Travel


class Mode(StrEnum):
    """How client and clinician meet."""

    OFFICE = "office"
    ONLINE = "online"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Location:
    """An office. `open`: cells inside its hours and outside its closures."""

    id: int
    zone: ZoneInfo
    open: int


@dataclass(frozen=True, slots=True)
class Room:
    """A room. `capacity` counts everybody in it, clinicians too; `busy`: reserved cells, buffers included.

    `order`: the practice's own order among rooms of a size.
    """

    id: int
    location_id: int
    capacity: int
    busy: int = 0
    features: frozenset[str] = frozenset()
    order: int = 0


class Break(NamedTuple):
    """A day's break: `cells` in a row stay free among the cells [`first`, `end`) of the window (see `breaks`)."""

    first: int
    end: int
    cells: int


@dataclass(frozen=True, slots=True)
class Clinician:
    """A therapist or coach.

    `base_location_id`: the office responsible for work from home (its zone, its desk).
    `hours`: location id (None: at home) -> cells worked there that count for the service asked for.
    `busy`: cells reserved with buffers, time off, internal events, imported busy times; `off`: those of them that are
    time off and nothing else. `zone`: whose dates `booked` counts; None for those of the location.
    `located`: location id -> the reserved cells spent there (see `travel.blocked`).
    `booked`, `intensive`: local date -> minutes of appointments, and of intensives, led that day; whole weeks
    (Monday to Sunday) of every date asked for. `rests`: local date of an intensive led -> the days of rest that it asks
    for on either side. `breaks`: what must stay free of what is `busy`. `licensed`: location id -> cells in which they
    hold a license that is valid for work that the location answers for; None for who needs none (a coach). Limits are
    in minutes, None for none.
    """

    id: int
    base_location_id: int
    hours: Mapping[int | None, int]
    busy: int = 0
    located: Mapping[int, int] = field(default_factory=dict)
    services: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    level: str = ""
    licensed: Mapping[int, int] | None = None
    usual_room_ids: tuple[int, ...] = ()
    booked: Mapping[date, int] = field(default_factory=dict)
    intensive: Mapping[date, int] = field(default_factory=dict)
    rests: Mapping[date, int] = field(default_factory=dict)
    breaks: tuple[Break, ...] = ()
    daily_limit: int | None = None
    weekly_limit: int | None = None
    intensive_daily_limit: int | None = None
    off: int = 0
    zone: ZoneInfo | None = None

    def licensed_at(self, place: int | None) -> int:
        """The cells in which they may do licensed work at `place` (None: at home, so for the base location)."""
        if self.licensed is None:
            return -1
        return self.licensed.get(self.base_location_id if place is None else place, 0)

    def booked_in_week(self, monday: date) -> int:
        """Minutes of appointments in the seven days from `monday`."""
        booked = self.booked
        return sum(booked.get(monday + timedelta(days=n), 0) for n in range(7)) if booked else 0


@dataclass(frozen=True, slots=True)
class External:
    """Somebody from outside whom a block needs. `windows`: location id (None: any) -> cells in which they can come;
    `busy`: cells reserved, which have no buffers."""

    id: int
    windows: Mapping[int | None, int]
    busy: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything known about a window. `client_busy`: client id -> cells of that client's own appointments.

    `apart`: client id -> location id -> cells in which somebody is there whom that client is kept apart from.
    `externals`: who is not among them cannot come.
    """

    window: Window
    locations: Mapping[int, Location]
    clinicians: Mapping[int, Clinician]
    rooms: Mapping[int, Room] = field(default_factory=dict)
    travel: Travel = field(default_factory=lambda: Travel({}))
    client_busy: Mapping[int, int] = field(default_factory=dict)
    externals: Mapping[int, External] = field(default_factory=dict)
    apart: Mapping[int, Mapping[int, int]] = field(default_factory=dict)

    def zone(self, location_id: int) -> ZoneInfo:
        """The time zone of a location."""
        return self.locations[location_id].zone

    def rooms_at(self, location_id: int) -> list[Room]:
        """The rooms of a location, smallest first, then in the practice's order."""
        here = [room for room in self.rooms.values() if room.location_id == location_id]
        return sorted(here, key=lambda room: (room.capacity, room.order, room.id))
