"""One program at one location, over all start dates of one layout: who and which rooms are free throughout, by masks;
then, date by date, the assignment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache, partial

from .case import StartDates
from .free import monday_of
from .grid import bits, indexes
from .plan import Plan, PlannedBlock
from .positions import Position
from .search import BlocksFree, Staffing, Team, house
from .site import Site, StartsByLength

# Resource id -> the start cells from which it is free for all the blocks in question.
Throughout = dict[int, int]


class Season:
    """`positions` are filled from `candidates`, one set for each, by at most `most` people each."""

    def __init__(
        self,
        site: Site,
        dates: StartDates,
        positions: Sequence[Position],
        candidates: Sequence[frozenset[int]],
        most: int,
    ) -> None:
        self.site, self.case, self.layout, self.days = site, site.case, dates.layout, dates.days
        self.positions, self.candidates, self.most = positions, candidates, most
        self.clashes = self.case.clashes(dates.layout)
        possible = site.dates(dates.layout, dates.mask)
        self.housings = [
            (
                [group.need for group in groups],
                [self._throughout(site.rooms, group.need, site.rooms_for(group), possible) for group in groups],
            )
            for groups in (self.case.arrangements if possible else ())
        ]
        possible &= _united(_all_of(able) for _, able in self.housings)
        self.steady = [
            self._throughout(site.clinicians, position.need, able, possible) if possible else {}
            for position, able in zip(positions, candidates, strict=True)
        ]
        self.constant = possible & _all_of(self.steady)
        self.dates = possible if most > 1 else self.constant

    def plans(self) -> Iterator[Plan]:
        """The best plan for each start date that has one."""
        for base in bits(self.dates):
            rooms = self._rooms(base)
            team = self._team(base) if rooms is not None else None
            if rooms is not None and team is not None:
                yield self._written(base, team, rooms)

    def _throughout(
        self, starts_of: dict[int, StartsByLength], need: int, able: Iterable[int], dates: int
    ) -> Throughout:
        lengths, layout = self.case.lengths, self.layout
        spots = [(lengths[index], layout[index]) for index in indexes(need)]
        found = {}
        for one in able:
            starts = starts_of.get(one, {})
            mask = dates if starts else 0
            for length, cell in spots:
                if not mask:
                    break
                mask &= starts[length] >> cell
            if mask:
                found[one] = mask
        return found

    def _rooms(self, base: int) -> dict[int, int] | None:
        # Block index -> room id.
        for needs, able in self.housings:
            chosen = house(needs, able, partial(_free_from, able, base), self.clashes)
            if chosen is not None:
                return {index: room_id for need, room_id in zip(needs, chosen, strict=True) for index in indexes(need)}
        return None

    def _team(self, base: int) -> Team | None:
        # One person per position where that can be; more only where it cannot.
        day = self.days[base]
        order = self.case.week_order(monday_of(day))
        free = cache(lambda one: self.site.blocks_free(one, base, self.layout))
        team = None
        if self.constant >> base & 1:
            able = [[one for one in order if steady.get(one, 0) >> base & 1] for steady in self.steady]
            team = self._search(able, _throughout_free, day, 1)
        if team is None and self.most > 1:
            here = [one for one in order if one in self.site.clinicians]
            able = [[one for one in here if one in wanted] for wanted in self.candidates]
            team = self._search(able, free, day, self.most)
        return team

    def _search(self, able: list[list[int]], free: BlocksFree, day: date, people: int) -> Team | None:
        budgets = cache(lambda one: self.case.budgets(one, day))
        return Staffing(self.positions, able, free, self.clashes, self.case.minutes_of, budgets, people).solve()

    def _written(self, base: int, team: Team, rooms: dict[int, int]) -> Plan:
        program = self.case.program
        leads = {
            (index, position.role_id): one
            for position, members in zip(self.positions, team, strict=True)
            for index, one in members.items()
        }
        midnight = self.case.picture.window.instant(base)
        blocks = []
        for index, (block, (begins, ends)) in enumerate(
            zip(program.blocks, self.case.offsets(self.layout), strict=True)
        ):
            led = tuple([(role_id, leads[index, role_id]) for role_id in block.roles])
            room_id = rooms.get(index)
            when = midnight + begins, midnight + ends
            blocks.append(PlannedBlock(block.id, *when, block.attends, led, room_id, block.external_id))
        buffers = timedelta(minutes=program.buffer_before), timedelta(minutes=program.buffer_after)
        return Plan(self.site.location_id, self.days[base], tuple(blocks), *buffers)


def _throughout_free(one: int) -> int:
    return -1


def _free_from(able: Sequence[Throughout], base: int, room_id: int, group: int) -> bool:
    return able[group][room_id] >> base & 1 == 1


def _all_of(groups: Iterable[Throughout]) -> int:
    mask = -1
    for able in groups:
        mask &= _united(able.values())
    return mask


def _united(masks: Iterable[int]) -> int:
    united = 0
    for mask in masks:
        united |= mask
    return united
