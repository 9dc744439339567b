"""A program on one start date at one location: the blocks for which each clinician and each room is free."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import timedelta
from functools import cached_property, partial

from scheduling.availability.explain.obstacles import RULES, Obstacle, Why, in_force
from scheduling.availability.programs.layout import Layout
from scheduling.availability.programs.problem import Problem
from scheduling.availability.programs.program import Program, ProgramCriteria
from scheduling.availability.rules.rest import resting
from scheduling.availability.rules.starts import Shape, clinician_starts, fits, room_starts
from scheduling.availability.snapshot import Clinician, Snapshot
from scheduling.availability.timegrid.grid import CELL, Span, runs, union
from scheduling.availability.timegrid.masks import dates_mask
from scheduling.availability.timegrid.walltime import day_start


class OneDate:
    """One start date: `criteria.first`, with the layout from `layout_on`. Bit i of a mask of blocks is block i.

    `base`: the cell of local midnight of the date. `shapes`: the shape of each block, in order.
    """

    def __init__(
        self, snapshot: Snapshot, program: Program, criteria: ProgramCriteria, location_id: int, layout: Layout
    ) -> None:
        self.snapshot, self.program, self.criteria, self.location_id = snapshot, program, criteria, location_id
        self.layout = layout
        self.base = (day_start(criteria.first, snapshot.zone(location_id)) - snapshot.window.start) // CELL
        self.problem = Problem(snapshot, program, criteria)
        self.conflicts = self.problem.conflicts(layout)
        self.shapes = [Shape.of_minutes(b.length, program.buffer_before, program.buffer_after) for b in program.blocks]
        self.rooms = snapshot.rooms_at(location_id)

    def span(self, index: int) -> Span:
        """The UTC span of block number `index`."""
        start = self.snapshot.window.instant(self.base + self.layout[index])
        return Span(start, start + timedelta(minutes=self.program.blocks[index].length))

    def in_block(self, why: Why, index: int, **details: int | None) -> Obstacle:
        """An obstacle for block number `index`."""
        return Obstacle(why, self.span(index), self.program.blocks[index].id, **details)

    def starts(self, mask: int, index: int) -> bool:
        """True if block number `index` starts at one of the cells in `mask`."""
        return bool(mask >> self.base + self.layout[index] & 1)

    @cached_property
    def open_for(self) -> int:
        """The blocks during which the location is open from start to end."""
        is_open = self.snapshot.locations[self.location_id].open
        return self._blocks(lambda shape: runs(is_open, shape.length))

    def opens_on_day_of(self, index: int) -> bool:
        """True if the location is open at some time on the local date of block number `index`."""
        day = self.criteria.first + timedelta(days=self.program.blocks[index].day)
        cells = dates_mask(self.snapshot.window, self.snapshot.zone(self.location_id), day, day + timedelta(days=1))
        return bool(self.snapshot.locations[self.location_id].open & cells)

    @cached_property
    def rooms_free(self) -> dict[int, int]:
        """Room id -> the blocks for which the room is free, whatever its capacity and features."""
        return {room.id: self._blocks(partial(room_starts, self.snapshot, room)) for room in self.rooms}

    @cached_property
    def people_free(self) -> dict[int, int]:
        """Clinician id -> the blocks they are free to lead, limits aside, for the candidates of any position."""
        return {
            person: self._led_by(self.snapshot, self.program, self.snapshot.clinicians[person])
            for person in self.problem.able
        }

    def could_start(self, index: int) -> int:
        """The cells at which block number `index`, seen alone, has a room and a clinician for each of its roles."""
        block, shape = self.program.blocks[index], self.shapes[index]
        starts = runs(self.snapshot.locations[self.location_id].open, shape.length)
        if block.room:
            wants = self.program.people(block), block.features
            starts &= union(room_starts(self.snapshot, room, shape) for room in self.rooms if fits(room, *wants))
        for position, candidates in zip(self.problem.positions, self.problem.candidates, strict=True):
            if position.need >> index & 1:
                people = [self.snapshot.clinicians[one] for one in self.who_come(candidates)]
                licensed = self.program.licensed
                starts &= union(
                    clinician_starts(self.snapshot, one, self.location_id, shape, licensed) for one in people
                )
        return starts

    def who_come(self, candidates: Iterable[int]) -> list[int]:
        """The ids among `candidates` of clinicians with any hours at the location, lowest first."""
        known = self.snapshot.clinicians
        return sorted(one for one in candidates if known[one].hours.get(self.location_id))

    def led_under(self, rules: Collection[Why], clinician_id: int) -> int:
        """The blocks that a clinician could lead if only `rules` were in force."""
        snapshot = in_force(
            replace(self.snapshot, clinicians={clinician_id: self.snapshot.clinicians[clinician_id]}), RULES & {*rules}
        )
        program = replace(
            self.program,
            licensed=self.program.licensed and Why.LICENSE in rules,
            rest_days=self.program.rest_days if Why.REST in rules else 0,
        )
        return self._led_by(snapshot, program, snapshot.clinicians[clinician_id])

    def _led_by(self, snapshot: Snapshot, program: Program, clinician: Clinician) -> int:
        rested = ~resting(snapshot, clinician, self.location_id, program.rest_days)
        return self._blocks(
            lambda shape: rested & clinician_starts(snapshot, clinician, self.location_id, shape, program.licensed)
        )

    def _blocks(self, starts: Callable[[Shape], int]) -> int:
        known = {shape: starts(shape) for shape in dict.fromkeys(self.shapes)}
        return sum(1 << index for index, shape in enumerate(self.shapes) if self.starts(known[shape], index))
