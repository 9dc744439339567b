"""Everything known about a window of time. A loader fills a snapshot; listing and booking both decide on it (F13).

All masks are over `Snapshot.window`. Ids are location ids and resource ids; clinicians, rooms, clients and external
persons share one numbering of resources.
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
    """An office. `open`: the cells inside its opening hours and outside its closures."""

    id: int
    zone: ZoneInfo
    open: int


@dataclass(frozen=True, slots=True)
class Room:
    """A room. `capacity`: how many people it holds, clinicians included. `busy`: its reserved cells, buffers included.

    `order`: the practice's own order among rooms of the same capacity.
    """

    id: int
    location_id: int
    capacity: int
    busy: int = 0
    features: frozenset[str] = frozenset()
    order: int = 0


class Break(NamedTuple):
    """One break on one day: `cells` in a row must stay free within the cells [`first`, `end`) (see `rules.breaks`)."""

    first: int
    end: int
    cells: int


@dataclass(frozen=True, slots=True)
class Clinician:
    """A therapist or coach.

    `base_location_id`: the office responsible for work from home (its zone, its desk).
    `hours`: location id (None: at home) -> cells worked there that apply to the service asked for.
    `busy`: cells taken by reservations with their buffers, time off, internal events and imported busy times.
    `off`: the cells of `busy` that are time off and nothing else.
    `zone`: the time zone of the dates in `booked`, `intensive` and `rests`; None for that of the location asked for.
    `located`: location id -> the reserved cells spent there (see `travel.blocked`).
    `booked`, `intensive`: local date -> minutes of appointments, and of intensives, led that day. They cover the whole
    weeks (Monday to Sunday) of all dates asked for.
    `rests`: local date of an intensive led -> days of rest it asks for on either side.
    `breaks`: the breaks that must still fit beside `busy`.
    `licensed`: location id -> cells in which the clinician holds a license valid for work that location is responsible
    for; None if they need no license (a coach).
    `daily_limit`, `weekly_limit`, `intensive_daily_limit`: minutes, None for no limit.
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
        """The cells in which licensed work at `place` is allowed (None: at home, counted as the base location)."""
        if self.licensed is None:
            return -1
        return self.licensed.get(self.base_location_id if place is None else place, 0)

    def booked_in_week(self, monday: date) -> int:
        """Minutes booked in the week that starts on `monday`."""
        booked = self.booked
        return sum(booked.get(monday + timedelta(days=n), 0) for n in range(7)) if booked else 0


@dataclass(frozen=True, slots=True)
class External:
    """An external person whom a block needs, for example an examiner.

    `windows`: location id (None: any location) -> cells in which they can come. `busy`: their reserved cells, which
    have no buffers.
    """

    id: int
    windows: Mapping[int | None, int]
    busy: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything known about a window of time.

    `client_busy`: client id -> cells of that client's own appointments. `apart`: client id -> location id -> cells in
    which somebody is there whom that client must not meet. `externals`: an external person missing here cannot come.
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
        """The rooms of a location, the smallest first, then in the practice's own order."""
        here = [room for room in self.rooms.values() if room.location_id == location_id]
        return sorted(here, key=lambda room: (room.capacity, room.order, room.id))
