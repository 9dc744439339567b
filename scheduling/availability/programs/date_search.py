"""The search for plans at one location, over all start dates of one layout.

Masks first drop the dates that cannot work. Then rooms and clinicians are assigned date by date.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property

from scheduling.availability.programs.at_office import AtOffice
from scheduling.availability.programs.plan import Plan, PlannedBlock
from scheduling.availability.programs.prefilter import PackedStarts, covered_by_one, spots
from scheduling.availability.programs.problem import RoomGroup, StartDates
from scheduling.availability.programs.room_assignment import RoomNeed, assign_rooms
from scheduling.availability.programs.staffing import Leads
from scheduling.availability.timegrid.grid import bits, indexes


class DateSearch:
    """`dates`: mask of the start dates (as cells of local midnight) that may have a plan. No other date has one."""

    def __init__(self, at_office: AtOffice, dates: StartDates) -> None:
        self.at_office, self.problem, self.layout, self.days = at_office, at_office.problem, dates.layout, dates.days
        possible = at_office.dates(dates.layout, dates.mask)
        with_rooms = 0
        for arrangement in self.problem.arrangements:
            with_rooms |= self._with_rooms(arrangement, possible)
        self.staffing = at_office.pool.staffing(dates) if with_rooms else None
        self.dates = with_rooms & self.staffing.possible if self.staffing else 0

    def plans(self) -> Iterator[Plan]:
        """The best plans of every start date that has one, in order of date."""
        for base in bits(self.dates):
            yield from self.plans_on(base)

    def has_plan(self, base: int) -> bool:
        """True if there is a plan for the start date at cell `base`."""
        return (
            self.staffing is not None
            and self.dates >> base & 1 == 1
            and self._rooms(base) is not None
            and self.staffing.has_team(base)
        )

    def plans_on(self, base: int) -> Iterator[Plan]:
        """The best plans for the start date at cell `base`, at most `Problem.most_per_date`."""
        rooms = self._rooms(base) if self.staffing and self.dates >> base & 1 else None
        if self.staffing and rooms is not None:
            for team in self.staffing.teams(base):
                yield self._plan(base, self.staffing.leads(team), rooms)

    def _with_rooms(self, arrangement: list[RoomGroup], dates: int) -> int:
        # A group of one block needs no test: `AtOffice.dates` has tested every block alone.
        for group in arrangement:
            if group.need & group.need - 1:
                rooms = [self.at_office.rooms[room_id] for room_id in self.at_office.rooms_for(group)]
                dates = covered_by_one(rooms, spots(self.problem.lengths, self.layout, group.need), dates)
        return dates

    @cached_property
    def _room_needs(self) -> list[list[RoomNeed]]:
        conflicts = self.problem.conflicts(self.layout)
        return [
            [
                RoomNeed(group.need, conflicts.with_blocks(group.need), self.at_office.rooms_for(group))
                for group in arrangement
            ]
            for arrangement in self.problem.arrangements
        ]

    @cached_property
    def _packed(self) -> tuple[PackedStarts, dict[int, int]]:
        packer, blocks = PackedStarts(self.problem.lengths, self.layout, self.dates), sum(self.problem.wants.values())
        return packer, {room_id: packer.packed(starts, blocks) for room_id, starts in self.at_office.rooms.items()}

    def _rooms(self, base: int) -> dict[int, int] | None:
        # Block index -> room id, by the first arrangement that works.
        packer, rooms = self._packed
        free = {room_id: packer.at(packed, base) for room_id, packed in rooms.items()}
        for needs in self._room_needs:
            chosen = assign_rooms(needs, free)
            if chosen is not None:
                pairs = zip(needs, chosen, strict=True)
                return {index: room_id for group, room_id in pairs for index in indexes(group.need)}
        return None

    def _plan(self, base: int, leads: Leads, rooms: dict[int, int]) -> Plan:
        program, midnight = self.problem.program, self.problem.snapshot.window.instant(base)
        offsets = self.problem.offsets(self.layout)
        blocks = tuple([
            PlannedBlock(
                block.id, midnight + begins, midnight + ends, block.attends, led, rooms.get(index), block.external_id
            )
            for index, (block, (begins, ends), led) in enumerate(zip(program.blocks, offsets, leads, strict=True))
        ])  # fmt: skip
        buffers = timedelta(minutes=program.buffer_before), timedelta(minutes=program.buffer_after)
        return Plan(self.at_office.location_id, self.days[base], blocks, *buffers)
