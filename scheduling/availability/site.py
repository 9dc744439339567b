"""One program at one location: who could lead and which room could hold each block, for all start dates at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from .case import Case, RoomGroup, RoomWants
from .free import between_mask
from .grid import cells_of, indexes
from .layout import Layout
from .program import TRACKS, Attends, Block
from .rest import resting
from .starts import Shape, apart_starts, client_starts, clinician_starts, external_starts, fits, room_starts

# Minutes of a visit -> mask of starts.
StartsByLength = dict[int, int]


class Site:
    """The masks of `case` at `location_id`, as far as they do not depend on the start date."""

    def __init__(self, case: Case, location_id: int) -> None:
        self.case, self.location_id = case, location_id
        self.rooms_here = case.picture.rooms_at(location_id)
        self.rooms: dict[int, StartsByLength] = {
            room.id: {length: room_starts(case.picture, room, shape) for length, shape in case.shapes.items()}
            for room in self.rooms_here
        }
        liked = case.wish.room_ids
        ordered = sorted(self.rooms_here, key=lambda room: room.id not in liked)
        # The rooms that can hold what is wanted, the best first.
        self.fitting: dict[RoomWants, list[int]] = {
            wants: [room.id for room in ordered if fits(room, *wants)] for wants in case.wants
        }

    @cached_property
    def clinicians(self) -> dict[int, StartsByLength]:
        """Clinician id -> starts, of those who can come at all. Asked for only where rooms leave a date."""
        picture, licensed = self.case.picture, self.case.program.licensed
        found: dict[int, StartsByLength] = {}
        for one in self.case.able:
            clinician = picture.clinicians[one]
            if clinician.hours.get(self.location_id):
                awake = ~resting(picture, clinician, self.location_id, self.case.program.rest_days)
                found[one] = {
                    length: clinician_starts(picture, clinician, self.location_id, shape, licensed) & awake
                    for length, shape in self.case.shapes.items()
                }
        return found

    def rooms_for(self, group: RoomGroup) -> list[int]:
        """The rooms that can hold every block of the group, the best first."""
        first, *others = (self.fitting[wants] for wants in group.wants)
        return [room_id for room_id in first if all(room_id in able for able in others)] if others else first

    def dates(self, layout: Layout, mask: int) -> int:
        """Those of the start cells `mask` at which every block, seen alone, has somebody for each role, a room, its
        clients and whoever it needs from outside free, and notice and horizon are kept. A first sieve: it loses no
        possible date."""
        wish = self.case.wish
        mask &= between_mask(self.case.picture.window, wish.earliest, wish.latest) >> layout[0]
        for wants, need in self.case.wants.items():
            mask = self._anyone(self.rooms, self.fitting[wants], layout, need, mask)
        for block, cell in zip(self.case.program.blocks, layout, strict=True):
            if mask and wish.client_ids:
                mask &= self._clients_free(block) >> cell
            if mask and block.external_id is not None:
                shape = Shape(cells_of(block.length))
                mask &= external_starts(self.case.picture, block.external_id, self.location_id, shape) >> cell
        for position, candidates in zip(self.case.positions, self.case.candidates, strict=True):
            if mask:
                mask = self._anyone(self.clinicians, candidates, layout, position.need, mask)
        return mask

    def blocks_free(self, one: int, base: int, layout: Layout) -> int:
        """The blocks that clinician `one` could lead and is free for, their starts counted from cell `base`."""
        reach = (1 << (layout[-1] + 1)) - 1
        near = {length: mask >> base & reach for length, mask in self.clinicians[one].items()}
        lengths, free = self.case.lengths, 0
        for index in indexes(self.case.could_lead[one]):
            if near[lengths[index]] >> layout[index] & 1:
                free |= 1 << index
        return free

    def _anyone(
        self, starts_of: dict[int, StartsByLength], able: Iterable[int], layout: Layout, need: int, mask: int
    ) -> int:
        # Those of the start cells `mask` from which each block of `need`, seen alone, has one of `able`.
        here = [starts_of[one] for one in able if one in starts_of]
        lengths, united = self.case.lengths, dict[int, int]()
        for index in indexes(need):
            length = lengths[index]
            if length not in united:
                united[length] = _united(starts[length] for starts in here)
            mask &= united[length] >> layout[index]
        return mask

    def _clients_free(self, block: Block) -> int:
        mask = self.case.picture.window.full
        for track, client_id in zip(TRACKS, self.case.wish.client_ids, strict=False):
            if client_id is not None and block.attends in (Attends.BOTH, track):
                shape = Shape(cells_of(block.length))
                mask &= client_starts(self.case.picture, client_id, shape)
                mask &= apart_starts(self.case.picture, client_id, self.location_id, shape)
        return mask


def _united(masks: Iterable[int]) -> int:
    united = 0
    for mask in masks:
        united |= mask
    return united
