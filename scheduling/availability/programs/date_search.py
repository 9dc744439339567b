"""One program at one location, over all start dates of one layout: the possible dates by masks, then date by date who
and which rooms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property

from scheduling.availability.programs.at_office import Site
from scheduling.availability.programs.plan import Plan, PlannedBlock
from scheduling.availability.programs.prefilter import Packing, somebody, spots
from scheduling.availability.programs.problem import RoomGroup, StartDates
from scheduling.availability.programs.room_assignment import Group, house
from scheduling.availability.programs.staffing import Leads
from scheduling.availability.timegrid.grid import bits, indexes


class Season:
    """`dates`: the start cells, counted from the window's first, that may have a plan; others have none."""

    def __init__(self, site: Site, dates: StartDates) -> None:
        self.site, self.case, self.layout, self.days = site, site.case, dates.layout, dates.days
        possible = site.dates(dates.layout, dates.mask)
        held = 0
        for way in self.case.arrangements:
            held |= self._held(way, possible)
        self.casting = site.crew.casting(dates) if held else None
        self.dates = held & self.casting.possible if self.casting else 0

    def plans(self) -> Iterator[Plan]:
        """The best plans for each start date that has one, in order of date."""
        for base in bits(self.dates):
            yield from self.plans_on(base)

    def has_plan(self, base: int) -> bool:
        """Is there a plan for the start date at cell `base`?"""
        return (
            self.casting is not None
            and self.dates >> base & 1 == 1
            and self._rooms(base) is not None
            and self.casting.has_team(base)
        )

    def plans_on(self, base: int) -> Iterator[Plan]:
        """The best plans for the start date at cell `base`, at most as many as the case wants of each."""
        rooms = self._rooms(base) if self.casting and self.dates >> base & 1 else None
        if self.casting and rooms is not None:
            for team in self.casting.teams(base):
                yield self._written(base, self.casting.leads(team), rooms)

    def _held(self, way: list[RoomGroup], dates: int) -> int:
        # The dates on which each group has a room for all of its blocks; a single block has been looked at already.
        for group in way:
            if group.need & group.need - 1:
                rooms = [self.site.rooms[room_id] for room_id in self.site.rooms_for(group)]
                dates = somebody(rooms, spots(self.case.lengths, self.layout, group.need), dates)
        return dates

    @cached_property
    def _ways(self) -> list[list[Group]]:
        clashes = self.case.clashes(self.layout)
        return [
            [Group(group.need, clashes.with_blocks(group.need), self.site.rooms_for(group)) for group in way]
            for way in self.case.arrangements
        ]

    @cached_property
    def _packed(self) -> tuple[Packing, dict[int, int]]:
        packing, blocks = Packing(self.case.lengths, self.layout, self.dates), sum(self.case.wants.values())
        return packing, {room_id: packing.packed(starts, blocks) for room_id, starts in self.site.rooms.items()}

    def _rooms(self, base: int) -> dict[int, int] | None:
        # Block index -> room id.
        packing, rooms = self._packed
        free = {room_id: packing.at(packed, base) for room_id, packed in rooms.items()}
        for way in self._ways:
            chosen = house(way, free)
            if chosen is not None:
                pairs = zip(way, chosen, strict=True)
                return {index: room_id for group, room_id in pairs for index in indexes(group.need)}
        return None

    def _written(self, base: int, leads: Leads, rooms: dict[int, int]) -> Plan:
        program, midnight = self.case.program, self.case.picture.window.instant(base)
        offsets = self.case.offsets(self.layout)
        blocks = tuple([
            PlannedBlock(
                block.id, midnight + begins, midnight + ends, block.attends, led, rooms.get(index), block.external_id
            )
            for index, (block, (begins, ends), led) in enumerate(zip(program.blocks, offsets, leads, strict=True))
        ])  # fmt: skip
        buffers = timedelta(minutes=program.buffer_before), timedelta(minutes=program.buffer_after)
        return Plan(self.site.location_id, self.days[base], blocks, *buffers)
