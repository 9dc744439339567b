"""One program at one location: who could lead and which room could hold each block, for all start dates at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from .case import Case
from .free import between_mask
from .grid import bits, cells_of
from .layout import Layout
from .picture import Room
from .positions import Position
from .program import TRACKS, Attends, Block
from .starts import Shape, client_starts, clinician_starts, fits, room_starts

# Minutes of a visit -> mask of starts.
StartsByLength = dict[int, int]


@dataclass(frozen=True, slots=True)
class RoomGroup:
    """Blocks that share one room, and the rooms that can hold all of them, the best first."""

    need: int
    room_ids: tuple[int, ...]


class Site:
    """The masks of `case` at `location_id`, as far as they do not depend on the start date."""

    def __init__(self, case: Case, location_id: int) -> None:
        self.case, self.location_id = case, location_id
        self.blocks = case.program.blocks
        self.rooms_here = case.picture.rooms_at(location_id)
        self.rooms: dict[int, StartsByLength] = {
            room.id: {length: room_starts(case.picture, room, shape) for length, shape in case.shapes.items()}
            for room in self.rooms_here
        }
        self._roomy: dict[tuple[int, frozenset[str], int], int] = {}

    @cached_property
    def clinicians(self) -> dict[int, StartsByLength]:
        """Clinician id -> starts, of those who can come at all. Asked for only where rooms leave a date."""
        picture, licensed = self.case.picture, self.case.program.licensed
        found: dict[int, StartsByLength] = {}
        for one in self.case.able:
            clinician = picture.clinicians[one]
            if clinician.hours.get(self.location_id):
                found[one] = {
                    length: clinician_starts(picture, clinician, self.location_id, shape, licensed)
                    for length, shape in self.case.shapes.items()
                }
        return found

    @cached_property
    def arrangements(self) -> list[list[RoomGroup]]:
        """The ways to share rooms, the best first: the joint work is in track A's room where one room can hold both,
        else in a room of its own."""
        if not self.case.program.one_room:
            return [[self._group(1 << index) for index, block in enumerate(self.blocks) if block.room]]
        joint, a, b = (self._roomed(attends) for attends in (Attends.BOTH, Attends.A, Attends.B))
        ways = [(joint | a, b), (joint, a, b)] if joint and a else [(joint | a, b)]
        return [[self._group(need) for need in way if need] for way in ways]

    def dates(self, layout: Layout, mask: int) -> int:
        """Those of the start cells `mask` at which every block, seen alone, has somebody for each role, a room and
        its clients free, and notice and horizon are kept. A first sieve: it loses no possible date."""
        wish = self.case.wish
        mask &= between_mask(self.case.picture.window, wish.earliest, wish.latest) >> layout[0]
        for block, cell in zip(self.blocks, layout, strict=True):
            if mask and block.room:
                mask &= self._some_room(block) >> cell
            if mask and wish.client_ids:
                mask &= self._clients_free(block) >> cell
        for position, candidates in zip(self.case.positions, self.case.candidates, strict=True):
            if mask:
                mask &= self._anybody(position, candidates, layout)
        return mask

    def throughout(self, starts: StartsByLength, layout: Layout, need: int, mask: int) -> int:
        """Those of the start cells `mask` from which `starts` has a bit for every block of `need`."""
        lengths = self.case.lengths
        for index in bits(need):
            mask &= starts[lengths[index]] >> layout[index]
            if not mask:
                break
        return mask

    def blocks_free(self, starts: StartsByLength, base: int, layout: Layout) -> int:
        """The blocks at whose start, counted from cell `base`, `starts` has a bit."""
        reach = (1 << (layout[-1] + 1)) - 1
        near = {length: mask >> base & reach for length, mask in starts.items()}
        free = 0
        for index, (length, cell) in enumerate(zip(self.case.lengths, layout, strict=True)):
            if near[length] >> cell & 1:
                free |= 1 << index
        return free

    def _some_room(self, block: Block) -> int:
        # The starts at which any room can hold the block.
        key = self.case.program.people(block), block.features, block.length
        if key not in self._roomy:
            able = (room for room in self.rooms_here if fits(room, key[0], key[1]))
            self._roomy[key] = _united(self.rooms[room.id][block.length] for room in able)
        return self._roomy[key]

    def _anybody(self, position: Position, candidates: frozenset[int], layout: Layout) -> int:
        # The start cells from which each block of the position, seen alone, has somebody.
        here = [self.clinicians[one] for one in candidates if one in self.clinicians]
        united = {length: _united(starts[length] for starts in here) for length in self.case.shapes}
        return self.throughout(united, layout, position.need, self.case.picture.window.full)

    def _clients_free(self, block: Block) -> int:
        mask = self.case.picture.window.full
        for track, client_id in zip(TRACKS, self.case.wish.client_ids, strict=False):
            if client_id is not None and block.attends in (Attends.BOTH, track):
                mask &= client_starts(self.case.picture, client_id, Shape(cells_of(block.length)))
        return mask

    def _roomed(self, attends: Attends) -> int:
        blocks = enumerate(self.blocks)
        return sum(1 << index for index, block in blocks if block.room and block.attends is attends)

    def _group(self, need: int) -> RoomGroup:
        held = [self.blocks[index] for index in bits(need)]
        needed = dict.fromkeys((self.case.program.people(block), block.features) for block in held)
        able = [room.id for room in self.rooms_here if all(fits(room, *wants) for wants in needed)]
        liked = self.case.wish.room_ids
        return RoomGroup(need, tuple(sorted(able, key=lambda room_id: room_id not in liked)))


def _united(masks: Iterable[int]) -> int:
    united = 0
    for mask in masks:
        united |= mask
    return united
