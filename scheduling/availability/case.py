"""What is asked of a program, before any place or date: positions and who may fill them, rooms to share, limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .free import monday_of
from .grid import CELL, cells_of, indexes
from .layout import Layout, layouts
from .picture import Clinician, Picture
from .positions import Position, positions
from .program import TRACKS, Attends, Program, ProgramWish
from .search import Budget, Clashes
from .starts import Shape

# Who and what a room must hold: people, and features.
RoomWants = tuple[int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class RoomGroup:
    """A mask of blocks that share one room, and what it must hold."""

    need: int
    wants: tuple[RoomWants, ...]


class StartDates(NamedTuple):
    """Start dates of one layout: cell of local midnight -> date, and those cells as a mask."""

    layout: Layout
    days: dict[int, date]
    mask: int


class Case:
    """`program` and `wish` over `picture`: what all locations and dates share, worked out once."""

    def __init__(self, picture: Picture, program: Program, wish: ProgramWish) -> None:
        self.picture, self.program, self.wish = picture, program, wish
        self.days = program.days
        self.positions = positions(program)
        self.candidates = [self._candidates(position) for position in self.positions]
        self.able = frozenset[int]().union(*self.candidates)
        self.could_lead = dict.fromkeys(self.able, 0)
        for position, able in zip(self.positions, self.candidates, strict=True):
            for one in able:
                self.could_lead[one] |= position.need
        self.lengths = [block.length for block in program.blocks]
        self.shapes = {
            length: Shape.of_minutes(length, program.buffer_before, program.buffer_after)
            for length in dict.fromkeys(self.lengths)
        }
        self.blocks_of_day = [
            sum(1 << index for index, block in enumerate(program.blocks) if block.day == number)
            for number in range(self.days)
        ]
        self.wants: dict[RoomWants, int] = {}
        for index, block in enumerate(program.blocks):
            if block.room:
                key = program.people(block), block.features
                self.wants[key] = self.wants.get(key, 0) | 1 << index
        self.arrangements = self._arrangements()
        self._limits = [*self._limits_of_program()]
        self._orders: dict[date, list[int]] = {}
        self._budgets: dict[tuple[int, date], list[Budget]] = {}
        self._clashes: dict[Layout, Clashes] = {}
        self._offsets: dict[Layout, list[tuple[timedelta, timedelta]]] = {}
        self._minutes: dict[int, int] = {}
        self._dates: dict[ZoneInfo, list[StartDates]] = {}

    def dates(self, zone: ZoneInfo) -> list[StartDates]:
        """The start dates asked for, by layout."""
        if zone not in self._dates:
            found = layouts(self.program, zone, self.picture.window, self.wish.first, self.wish.until)
            self._dates[zone] = [
                StartDates(layout, days, self.picture.window.paint((base, base + 1) for base in days))
                for layout, days in found.items()
            ]
        return self._dates[zone]

    def clashes(self, layout: Layout) -> Clashes:
        """Which blocks share an instant."""
        if layout not in self._clashes:
            ends = [cell + cells_of(length) for cell, length in zip(layout, self.lengths, strict=True)]
            self._clashes[layout] = Clashes.of(layout, ends)
        return self._clashes[layout]

    def offsets(self, layout: Layout) -> list[tuple[timedelta, timedelta]]:
        """Of each block, from local midnight of the start date to its start and its end."""
        if layout not in self._offsets:
            self._offsets[layout] = [
                (cell * CELL, cell * CELL + timedelta(minutes=length))
                for cell, length in zip(layout, self.lengths, strict=True)
            ]
        return self._offsets[layout]

    def minutes_of(self, blocks: int) -> int:
        """Minutes that a mask of blocks lasts."""
        known = self._minutes.get(blocks)
        if known is None:
            known = self._minutes[blocks] = sum(self.lengths[index] for index in indexes(blocks))
        return known

    def week_order(self, monday: date) -> list[int]:
        """Those who may fill any position: preferred ones first, then the least booked in that week, then by id."""
        known, liked = self.picture.clinicians, self.wish.preferred_ids
        if monday not in self._orders:
            self._orders[monday] = sorted(
                self.able, key=lambda one: (one not in liked, known[one].booked_in_week(monday), one)
            )
        return self._orders[monday]

    def budgets(self, one: int, first: date) -> list[Budget]:
        """The minutes that clinician `one` may lead of a program that starts on `first`."""
        clinician = self.picture.clinicians[one]
        if not _has_limits(clinician):
            return self._limits
        known = self._budgets.get((one, first))
        if known is None:
            known = self._budgets[one, first] = [*self._budgets_of(clinician, first)]
        return known

    def _candidates(self, position: Position) -> frozenset[int]:
        barred: set[int] = set()
        for track, blocks in zip(TRACKS, (position.alone_a, position.alone_b), strict=True):
            if blocks:
                barred |= self.wish.barred.get(track, frozenset())
        return frozenset(
            one.id
            for one in self.picture.clinicians.values()
            if one.id not in barred and self.wish.may_fill(position.role_id, one)
        )

    def _arrangements(self) -> list[list[RoomGroup]]:
        # The ways to share rooms, the best first: the joint work is in track A's room where one room can hold both,
        # else in a room of its own.
        if not self.program.one_room:
            return [[self._group(1 << index) for index, block in enumerate(self.program.blocks) if block.room]]
        joint, a, b = (self._roomed(attends) for attends in (Attends.BOTH, Attends.A, Attends.B))
        ways = [(joint | a, b), (joint, a, b)] if joint and a else [(joint | a, b)]
        return [[self._group(need) for need in way if need] for way in ways]

    def _roomed(self, attends: Attends) -> int:
        blocks = enumerate(self.program.blocks)
        return sum(1 << index for index, block in blocks if block.room and block.attends is attends)

    def _group(self, need: int) -> RoomGroup:
        return RoomGroup(need, tuple(wants for wants, blocks in self.wants.items() if blocks & need))

    def _limits_of_program(self) -> Iterator[Budget]:
        if self.program.daily_limit is not None:
            for blocks in self.blocks_of_day:
                yield blocks, self.program.daily_limit
        if self.program.total_limit is not None:
            yield (1 << len(self.lengths)) - 1, self.program.total_limit

    def _budgets_of(self, clinician: Clinician, first: date) -> Iterator[Budget]:
        yield from self._limits
        weeks: dict[date, int] = {}
        for number, blocks in enumerate(self.blocks_of_day):
            day = first + timedelta(days=number)
            weeks[monday_of(day)] = weeks.get(monday_of(day), 0) | blocks
            left = _left_on(clinician, self.program, day)
            if left is not None:
                yield blocks, left
        if clinician.weekly_limit is not None:
            for monday, blocks in weeks.items():
                yield blocks, clinician.weekly_limit - clinician.booked_in_week(monday)


def _has_limits(clinician: Clinician) -> bool:
    limits = clinician.daily_limit, clinician.weekly_limit, clinician.intensive_daily_limit
    return bool(clinician.intensive) or any(limit is not None for limit in limits)


def _left_on(clinician: Clinician, program: Program, day: date) -> int | None:
    # Minutes that the strictest of the limits leaves on a local date; None if there is no limit.
    intensive = clinician.intensive.get(day, 0)
    left = [
        limit - used
        for limit, used in (
            (program.daily_limit, intensive),
            (clinician.intensive_daily_limit, intensive),
            (clinician.daily_limit, clinician.booked.get(day, 0)),
        )
        if limit is not None
    ]
    return min(left, default=None)
