"""One program at one location: who could lead and which room could hold each block, for all start dates at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .free import between_mask
from .grid import cells_of
from .layout import Layout
from .picture import Clinician, Picture, Room
from .positions import Position, positions
from .program import TRACKS, Attends, Block, Program, ProgramWish
from .starts import Shape, client_starts, clinician_starts, fits, room_starts

# Minutes of a visit -> mask of starts.
StartsByLength = dict[int, int]


@dataclass(frozen=True, slots=True)
class RoomGroup:
    """Blocks that share one room, and the rooms that can hold all of them, the best first."""

    need: int
    room_ids: tuple[int, ...]


class Site:
    """The masks of `program` at `location_id`, as far as they do not depend on the start date."""

    def __init__(self, picture: Picture, program: Program, wish: ProgramWish, location_id: int) -> None:
        self.picture, self.program, self.wish = picture, program, wish
        self.location_id = location_id
        self.positions = positions(program)
        self.days = program.days
        self.orders: dict[date, list[int]] = {}
        self.blocks_of_day = [
            sum(1 << index for index, block in enumerate(program.blocks) if block.day == number)
            for number in range(self.days)
        ]
        self.shapes = {
            block.length: Shape.of_minutes(block.length, program.buffer_before, program.buffer_after)
            for block in program.blocks
        }
        self.clinicians = {
            one.id: starts for one in picture.clinicians.values() if any((starts := self._starts_of(one)).values())
        }
        self.rooms = {
            room.id: {length: room_starts(picture, room, shape) for length, shape in self.shapes.items()}
            for room in picture.rooms_at(location_id)
        }
        self.candidates = [self._candidates(position) for position in self.positions]
        self.arrangements = self._arrangements()

    def dates(self, layout: Layout, bases: Iterable[int]) -> int:
        """Those of the start cells `bases` at which every block, seen alone, has somebody for each role, a room and
        its clients free, and notice and horizon are kept. A first sieve: it loses no possible date."""
        mask = sum(1 << base for base in bases)
        mask &= between_mask(self.picture.window, self.wish.earliest, self.wish.latest) >> layout[0]
        for index, (block, cell) in enumerate(zip(self.program.blocks, layout, strict=True)):
            if not mask:
                break
            mask &= self._possible(index, block) >> cell
        return mask

    def week_order(self, monday: date) -> list[int]:
        """The clinicians who can come at all, preferred ones first, then the least booked in that week, then by id."""
        known, liked = self.picture.clinicians, self.wish.preferred_ids
        if monday not in self.orders:
            self.orders[monday] = sorted(
                self.clinicians, key=lambda one: (one not in liked, known[one].booked_in_week(monday), one)
            )
        return self.orders[monday]

    def blocks_free(self, starts: StartsByLength, base: int, layout: Layout, among: int) -> int:
        """The blocks of `among` at whose start, counted from cell `base`, `starts` has a bit."""
        reach = (1 << (max(layout) + 1)) - 1
        near = {length: mask >> base & reach for length, mask in starts.items()}
        free = 0
        for index, (block, cell) in enumerate(zip(self.program.blocks, layout, strict=True)):
            if among >> index & 1 and near[block.length] >> cell & 1:
                free |= 1 << index
        return free

    def _starts_of(self, clinician: Clinician) -> StartsByLength:
        if not any(self.wish.may_fill(position.role_id, clinician) for position in self.positions):
            return {}
        return {
            length: clinician_starts(self.picture, clinician, self.location_id, shape, self.program.licensed)
            for length, shape in self.shapes.items()
        }

    def _candidates(self, position: Position) -> frozenset[int]:
        barred: set[int] = set()
        for track, blocks in zip(TRACKS, (position.alone_a, position.alone_b), strict=True):
            if blocks:
                barred |= self.wish.barred.get(track, frozenset())
        return frozenset(
            one
            for one in self.clinicians
            if one not in barred and self.wish.may_fill(position.role_id, self.picture.clinicians[one])
        )

    def _possible(self, index: int, block: Block) -> int:
        mask = self._clients_free(block)
        for position, candidates in zip(self.positions, self.candidates, strict=True):
            if position.need >> index & 1:
                mask &= _united(self.clinicians[one][block.length] for one in candidates)
        if block.room:
            able = (room for room in self.picture.rooms_at(self.location_id) if self._holds(room, [block]))
            mask &= _united(self.rooms[room.id][block.length] for room in able)
        return mask

    def _clients_free(self, block: Block) -> int:
        mask = self.picture.window.full
        for track, client_id in zip(TRACKS, self.wish.client_ids, strict=False):
            if client_id is not None and block.attends in (Attends.BOTH, track):
                mask &= client_starts(self.picture, client_id, Shape(cells_of(block.length)))
        return mask

    def _arrangements(self) -> list[list[RoomGroup]]:
        # The joint work is in track A's room where one room can hold both, else in a room of its own.
        if not self.program.one_room:
            return [[self._group(1 << index) for index, block in enumerate(self.program.blocks) if block.room]]
        joint, a, b = (self._roomed(attends) for attends in (Attends.BOTH, Attends.A, Attends.B))
        ways = [(joint | a, b), (joint, a, b)] if joint and a else [(joint | a, b)]
        return [[self._group(need) for need in way if need] for way in ways]

    def _roomed(self, attends: Attends) -> int:
        blocks = enumerate(self.program.blocks)
        return sum(1 << index for index, block in blocks if block.room and block.attends is attends)

    def _group(self, need: int) -> RoomGroup:
        held = [block for index, block in enumerate(self.program.blocks) if need >> index & 1]
        able = [room.id for room in self.picture.rooms_at(self.location_id) if self._holds(room, held)]
        liked = self.wish.room_ids
        return RoomGroup(need, tuple(sorted(able, key=lambda room_id: room_id not in liked)))

    def _holds(self, room: Room, blocks: list[Block]) -> bool:
        return all(fits(room, self.program.people(block), block.features) for block in blocks)


def _united(masks: Iterable[int]) -> int:
    united = 0
    for mask in masks:
        united |= mask
    return united
