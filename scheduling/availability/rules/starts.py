"""The cells at which a visit may start, for one clinician, room, client or external person at a time.

The visit itself must lie in working and opening hours; its buffers need not. The visit with its buffers must not
overlap another commitment or the travel to or from one. Single appointments and programs both use these functions, so
they follow the same rules (F13).
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
        """The shape for minutes, each rounded up to cells. Raises ValueError for no length or a negative buffer."""
        if length <= 0 or before < 0 or after < 0:
            raise ValueError("a visit has a length, and buffers are not negative")
        return cls(cells_of(length), cells_of(before), cells_of(after))

    @property
    def reserved(self) -> int:
        """How many cells the visit takes with its buffers."""
        return self.before + self.length + self.after

    def reserved_from(self, free: int) -> int:
        """The cells at which the visit may start so that it lies in `free` with its buffers."""
        return runs(free, self.reserved) << self.before


def clinician_starts(
    snapshot: Snapshot, clinician: Clinician, place: int | None, shape: Shape, licensed: bool = True
) -> int:
    """The cells at which `clinician` can start a visit at the location id `place` (None: at home).

    `licensed`: the visit needs a license that is valid throughout.
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
    """The cells at which `room` is free for a visit and its buffers. Opening hours are not checked here."""
    return shape.reserved_from(free_mask(snapshot.window, room.busy))


def client_starts(snapshot: Snapshot, client_id: int, shape: Shape) -> int:
    """The cells at which a client is free for the visit, without buffers. A client not in `snapshot` is free."""
    return runs(free_mask(snapshot.window, snapshot.client_busy.get(client_id, 0)), shape.length)


def apart_starts(snapshot: Snapshot, client_id: int, location_id: int, shape: Shape) -> int:
    """The cells at which a visit at `location_id` keeps a client apart from everyone they must not meet.

    Buffers do not count: one may arrive when the other leaves.
    """
    avoided = snapshot.apart.get(client_id, {}).get(location_id, 0)
    return runs(free_mask(snapshot.window, avoided), shape.length)


def external_starts(snapshot: Snapshot, external_id: int, location_id: int, shape: Shape) -> int:
    """The cells at which an external person can start a visit at `location_id`; none if not in `snapshot`."""
    person = snapshot.externals.get(external_id)
    if person is None:
        return 0
    windows = person.windows.get(None, 0) | person.windows.get(location_id, 0)
    return runs(windows & ~person.busy, shape.length)


def fits(room: Room, people: int, features: frozenset[str]) -> bool:
    """True if `room` holds `people` (clinicians included) and has all of `features`."""
    return room.capacity >= people and features <= room.features
