"""One program at one location: masks of its rooms, clients and external persons, shared by all start dates."""

from __future__ import annotations

from scheduling.availability.programs.layout import Layout
from scheduling.availability.programs.pool import Pool, Pools
from scheduling.availability.programs.prefilter import StartsByLength, covered_by_any, spots
from scheduling.availability.programs.problem import Problem, RoomGroup, RoomWants
from scheduling.availability.programs.program import TRACKS, Attends, Block
from scheduling.availability.rules.starts import Shape, apart_starts, client_starts, external_starts, fits, room_starts
from scheduling.availability.timegrid.grid import cells_of, runs
from scheduling.availability.timegrid.masks import between_mask


class AtOffice:
    """The masks of `problem` at `location_id` that do not depend on the start date.

    `rooms`: room id -> starts by length of block. `fitting`: wants -> ids of the rooms that meet them, the best first.
    """

    def __init__(self, problem: Problem, location_id: int, pools: Pools) -> None:
        self.problem, self.location_id, self._pools = problem, location_id, pools
        self.rooms_here = problem.snapshot.rooms_at(location_id)
        self.rooms: dict[int, StartsByLength] = {
            room.id: {length: room_starts(problem.snapshot, room, shape) for length, shape in problem.shapes.items()}
            for room in self.rooms_here
        }
        preferred = problem.criteria.room_ids
        ordered = sorted(
            self.rooms_here, key=lambda room: preferred.index(room.id) if room.id in preferred else len(preferred)
        )
        self.fitting: dict[RoomWants, list[int]] = {
            wants: [room.id for room in ordered if fits(room, *wants)] for wants in problem.wants
        }

    @property
    def pool(self) -> Pool:
        """The clinicians who can come. Built only when asked for: no date may be left once rooms are checked."""
        return self._pools.at(self.location_id)

    def rooms_for(self, group: RoomGroup) -> list[int]:
        """Ids of the rooms that can hold every block of the group, the best first."""
        first, *others = [self.fitting[wants] for wants in group.wants]
        return [room_id for room_id in first if all(room_id in fitting for fitting in others)] if others else first

    def dates(self, layout: Layout, mask: int) -> int:
        """Prefilter of the start dates in `mask`, before clinicians are looked at. It drops no date that is possible.

        Each block, seen alone, needs a free room, its clients and its external person; notice and horizon must be kept.
        Opening hours are part of the clinicians' masks, so they are checked here only for blocks without a clinician.
        """
        criteria = self.problem.criteria
        mask &= between_mask(self.problem.snapshot.window, criteria.earliest, criteria.latest) >> layout[0]
        for wants, need in self.problem.wants.items():
            starts_of_rooms = [self.rooms[room_id] for room_id in self.fitting[wants]]
            mask = covered_by_any(starts_of_rooms, spots(self.problem.lengths, layout, need), mask)
        for block, cell in zip(self.problem.program.blocks, layout, strict=True):
            if mask and not block.roles:
                mask &= runs(self.problem.snapshot.locations[self.location_id].open, cells_of(block.length)) >> cell
            if mask and criteria.client_ids:
                mask &= self._clients_free(block) >> cell
            if mask and block.external_id is not None:
                shape = Shape(cells_of(block.length))
                mask &= external_starts(self.problem.snapshot, block.external_id, self.location_id, shape) >> cell
        return mask

    def _clients_free(self, block: Block) -> int:
        mask = self.problem.snapshot.window.full
        for track, client_id in zip(TRACKS, self.problem.criteria.client_ids, strict=False):
            if client_id is not None and block.attends in (Attends.BOTH, track):
                shape = Shape(cells_of(block.length))
                mask &= client_starts(self.problem.snapshot, client_id, shape)
                mask &= apart_starts(self.problem.snapshot, client_id, self.location_id, shape)
        return mask
