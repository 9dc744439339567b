"""Plans for programs of several days, and the decision on one.

`plans` lists and `decide_program` decides by the same masks and the same search (F13). For each start date and
location: one clinician per role throughout, different ones for the partners' individual work, one room per track.
Continuity comes first: substitutes are tried only where nobody can stay throughout, and only if the program allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from .free import monday_of
from .grid import CELL, bits, cells_of
from .layout import Layout, layout_on, layouts
from .picture import Clinician, Picture
from .plan import Plan, PlannedBlock
from .positions import Position
from .program import Program, ProgramWish
from .refusal import Reason, Refusal
from .search import Budget, Clashes, Staffing, Team, house
from .site import Site
from .walltime import day_start


def plans(picture: Picture, program: Program, wish: ProgramWish) -> list[Plan]:
    """The best plan for every start date and location on which the program can be held, in that order."""
    found: list[Plan] = []
    for location_id in picture.locations:
        if wish.wants_location(location_id):
            found.extend(_plans_at(Site(picture, program, wish, location_id)))
    return sorted(found, key=lambda plan: (plan.start, plan.location_id))


def decide_program(
    picture: Picture,
    program: Program,
    wish: ProgramWish,
    start_date: date,
    location_id: int,
    pins: Sequence[int],
) -> Plan | Refusal:
    """The plan with exactly the clinicians of `pins` (see `Plan.pins`), or why there is none. Rooms may change.

    Call it under lock with a fresh picture.
    """
    if location_id not in picture.locations or not wish.wants_location(location_id):
        return Refusal(Reason.NOT_OFFERED)
    if not wish.first <= start_date < wish.until:
        return Refusal(Reason.OUTSIDE_DATES)
    zone = picture.zone(location_id)
    layout = layout_on(program, zone, start_date) if program.starts_on(start_date) else None
    if layout is None:
        return Refusal(Reason.OFF_STEP)
    start = day_start(start_date, zone) + layout[0] * CELL
    if not wish.earliest <= start < wish.latest:
        return Refusal(Reason.TOO_SOON if start < wish.earliest else Reason.TOO_FAR)
    site = Site(picture, program, wish, location_id)
    pinned = _pinned(site, pins)
    if pinned is None:
        return Refusal(Reason.NOT_OFFERED)
    base = (day_start(start_date, zone) - picture.window.start) // CELL
    if base >= 0 and site.dates(layout, [base]):
        attempt = _Attempt(site, layout, start_date, base)
        plan = attempt.plan([(*pinned, 1)])
        if plan is not None:
            return plan
    return Refusal(Reason.TAKEN)


Seats = tuple[Sequence[Position], Sequence[frozenset[int]], int]


def _plans_at(site: Site) -> Iterator[Plan]:
    picture, program, wish = site.picture, site.program, site.wish
    zone = picture.zone(site.location_id)
    for layout, dates in layouts(program, zone, picture.window, wish.first, wish.until).items():
        clashes = _clashes(program, layout)
        for base in bits(site.dates(layout, dates)):
            plan = _Attempt(site, layout, dates[base], base, clashes).plan(_ways(site))
            if plan is not None:
                yield plan


def _ways(site: Site) -> list[Seats]:
    # One person per role first; more only where that fails.
    people = dict.fromkeys((1, site.program.people_per_role))
    return [(site.positions, site.candidates, number) for number in people]


def _pinned(site: Site, pins: Sequence[int]) -> tuple[list[Position], list[frozenset[int]]] | None:
    # Each position split by the person pinned to its blocks; None if somebody may not fill it.
    blocks_of: dict[tuple[int, int], int] = {}
    asked = [(index, role) for index, block in enumerate(site.program.blocks) for role in block.roles]
    if len(asked) != len(pins):
        return None
    for (index, role_id), one in zip(asked, pins, strict=True):
        blocks_of[role_id, one] = blocks_of.get((role_id, one), 0) | 1 << index
    parts: list[Position] = []
    people: list[frozenset[int]] = []
    for position, candidates in zip(site.positions, site.candidates, strict=True):
        mine = {one: blocks & position.need for (role, one), blocks in blocks_of.items() if role == position.role_id}
        mine = {one: blocks for one, blocks in mine.items() if blocks}
        if len(mine) > site.program.people_per_role or not candidates.issuperset(mine):
            return None
        parts += [position.part(blocks) for blocks in mine.values()]
        people += [frozenset({one}) for one in mine]
    return parts, people


class _Attempt:
    """One start date at one location."""

    def __init__(self, site: Site, layout: Layout, start_date: date, base: int, clashes: Clashes | None = None) -> None:
        self.site, self.layout, self.start_date, self.base = site, layout, start_date, base
        self.clashes = clashes or _clashes(site.program, layout)

    def plan(self, ways: Sequence[Seats]) -> Plan | None:
        rooms = self._rooms()
        if rooms is None:
            return None
        free = self._clinicians_free()
        for positions, candidates, people in ways:
            team = self._team(positions, candidates, people, free)
            if team is not None:
                return self._written(positions, team, rooms)
        return None

    def _rooms(self) -> dict[int, int] | None:
        # Block index -> room id.
        site = self.site
        whole = (1 << len(self.layout)) - 1
        free = {one: site.blocks_free(starts, self.base, self.layout, whole) for one, starts in site.rooms.items()}
        for groups in site.arrangements:
            chosen = house([group.need for group in groups], [group.room_ids for group in groups], free, self.clashes)
            if chosen is not None:
                return {
                    index: room_id for group, room_id in zip(groups, chosen, strict=True) for index in bits(group.need)
                }
        return None

    def _clinicians_free(self) -> dict[int, int]:
        site = self.site
        among: dict[int, int] = {}
        for position, candidates in zip(site.positions, site.candidates, strict=True):
            for one in candidates:
                among[one] = among.get(one, 0) | position.need
        return {
            one: site.blocks_free(site.clinicians[one], self.base, self.layout, need) for one, need in among.items()
        }

    def _team(
        self,
        positions: Sequence[Position],
        candidates: Sequence[frozenset[int]],
        people: int,
        free: dict[int, int],
    ) -> Team | None:
        order = self.site.week_order(monday_of(self.start_date))
        able = []
        for position, wanted in zip(positions, candidates, strict=True):
            need = position.need
            if people == 1:
                able.append([one for one in order if one in wanted and free[one] & need == need])
            else:
                able.append([one for one in order if one in wanted and free[one] & need])
            if not able[-1]:
                return None
        minutes = [block.length for block in self.site.program.blocks]
        return Staffing(positions, able, free, self.clashes, minutes, self._budgets, people).solve()

    def _budgets(self, one: int) -> list[Budget]:
        program, clinician = self.site.program, self.site.picture.clinicians[one]
        budgets = []
        for number in range(self.site.days):
            left = _left_on(clinician, program, self.start_date + timedelta(days=number))
            if left is not None:
                budgets.append((self.site.blocks_of_day[number], left))
        if program.total_limit is not None:
            budgets.append(((1 << len(self.layout)) - 1, program.total_limit))
        return [*budgets, *self._weekly(clinician)]

    def _weekly(self, clinician: Clinician) -> Iterator[Budget]:
        if clinician.weekly_limit is None:
            return
        weeks: dict[date, set[int]] = {}
        for number in range(self.site.days):
            weeks.setdefault(monday_of(self.start_date + timedelta(days=number)), set()).add(number)
        for monday, numbers in weeks.items():
            blocks = sum(self.site.blocks_of_day[number] for number in numbers)
            yield blocks, clinician.weekly_limit - clinician.booked_in_week(monday)

    def _written(self, positions: Sequence[Position], team: Team, rooms: dict[int, int]) -> Plan:
        site, program = self.site, self.site.program
        leads = {
            (index, position.role_id): one
            for position, members in zip(positions, team, strict=True)
            for index, one in members.items()
        }
        blocks = []
        for index, (block, cell) in enumerate(zip(program.blocks, self.layout, strict=True)):
            start = site.picture.window.instant(self.base + cell)
            end = start + timedelta(minutes=block.length)
            led = tuple((role_id, leads[index, role_id]) for role_id in block.roles)
            blocks.append(PlannedBlock(block.id, start, end, block.attends, led, rooms.get(index)))
        buffers = timedelta(minutes=program.buffer_before), timedelta(minutes=program.buffer_after)
        return Plan(site.location_id, self.start_date, tuple(blocks), *buffers)


def _clashes(program: Program, layout: Layout) -> Clashes:
    return Clashes.of(
        layout, [cell + cells_of(block.length) for block, cell in zip(program.blocks, layout, strict=True)]
    )


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
