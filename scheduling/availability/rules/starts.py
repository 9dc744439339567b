"""At which cells a visit of a given shape may start, for one clinician, room or client at a time.

A visit must lie in working and opening hours; its buffers need not, but what is reserved (visit and buffers) must not
meet any other commitment nor the way to or from one. Both the single appointment and the program stand on this.
"""

from __future__ import annotations

from dataclasses import dataclass

from scheduling.availability.rules.breaks import breaking
from scheduling.availability.snapshot import Clinician, Room, Snapshot
from scheduling.availability.timegrid.grid import cells_of, runs
from scheduling.availability.timegrid.masks import free_mask
from scheduling.availability.timegrid.travel import blocked


@dataclass(frozen=True, slots=True)
class Shape:
    """A visit in cells: its length, and the buffers reserved before and after it."""

    length: int
    before: int = 0
    after: int = 0

    @classmethod
    def of_minutes(cls, length: int, before: int = 0, after: int = 0) -> Shape:
        """From minutes, each rounded up to whole cells. Raises ValueError for a visit without length."""
        if length <= 0 or before < 0 or after < 0:
            raise ValueError("a visit has a length, and buffers are not negative")
        return cls(cells_of(length), cells_of(before), cells_of(after))

    @property
    def reserved(self) -> int:
        """The cells of the visit and its buffers."""
        return self.before + self.length + self.after

    def reserved_from(self, free: int) -> int:
        """The starts at which visit and buffers lie in `free`."""
        return runs(free, self.reserved) << self.before


def clinician_starts(
    snapshot: Snapshot, clinician: Clinician, place: int | None, shape: Shape, licensed: bool = True
) -> int:
    """The starts at which `clinician` can give a visit at location `place` (None: from home).

    `licensed`: the work needs a license that is valid throughout.
    """
    hours = clinician.hours.get(place, 0)
    if place is not None:
        hours &= snapshot.locations[place].open
    if licensed:
        hours &= clinician.licensed_at(place)
    if not hours:
        return 0
    busy = clinician.busy
    if place is not None and clinician.located:
        busy |= blocked(snapshot.travel, clinician.located, place)
    if not shape.before and not shape.after:
        starts = runs(hours & ~busy, shape.length)
    else:
        starts = runs(hours, shape.length) & shape.reserved_from(free_mask(snapshot.window, busy))
    if clinician.breaks:
        starts &= ~(breaking(clinician, snapshot.travel, place, shape.reserved) << shape.before)
    return starts


def room_starts(snapshot: Snapshot, room: Room, shape: Shape) -> int:
    """The starts at which `room` is free for visit and buffers. Its opening hours are the location's."""
    return shape.reserved_from(free_mask(snapshot.window, room.busy))


def client_starts(snapshot: Snapshot, client_id: int, shape: Shape) -> int:
    """The starts at which a client has nothing else; buffers are not the client's. Unknown clients are free."""
    return runs(free_mask(snapshot.window, snapshot.client_busy.get(client_id, 0)), shape.length)


def apart_starts(snapshot: Snapshot, client_id: int, location_id: int, shape: Shape) -> int:
    """The starts at which a client meets nobody at `location_id` whom they are kept apart from. Who leaves when the
    other comes is not met; buffers are not the client's."""
    there = snapshot.apart.get(client_id, {}).get(location_id, 0)
    return runs(free_mask(snapshot.window, there), shape.length)


def external_starts(snapshot: Snapshot, external_id: int, location_id: int, shape: Shape) -> int:
    """The starts at which a person from outside can be at `location_id`; none for somebody unknown."""
    person = snapshot.externals.get(external_id)
    if person is None:
        return 0
    windows = person.windows.get(None, 0) | person.windows.get(location_id, 0)
    return runs(windows & ~person.busy, shape.length)


def fits(room: Room, people: int, features: frozenset[str]) -> bool:
    """True if `room` holds `people` (clinicians counted) and has every one of `features`."""
    return room.capacity >= people and features <= room.features
