"""Slots and programs of the pure core against the floors, in one run."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.availability.programs.plan import Plan
from scheduling.availability.programs.planner import plans, start_dates
from scheduling.availability.programs.program import Block, Program, ProgramCriteria
from scheduling.availability.single.candidates import starts
from scheduling.availability.single.criteria import Criteria
from scheduling.availability.snapshot import Clinician, Location, Mode, Room, Snapshot
from scheduling.availability.timegrid.grid import CELL_SECONDS, Window, bits
from scheduling.availability.timegrid.masks import hours_mask
from scheduling.availability.timegrid.weekly_hours import WeeklyRule

from . import floors
from .measuring import alternating, line

pytestmark = pytest.mark.bench

UTC = ZoneInfo("Etc/UTC")
MONDAY = date(2027, 1, 4)
OFFICE_HOURS = tuple(WeeklyRule(n, 9 * 60, 17 * 60) for n in range(5))


def our_slots(busy_of: list[list[tuple[int, int]]], days: int) -> list[int]:
    """From seconds to the list of starts, as `floors.slots`."""
    until = floors.FIRST + timedelta(days=days)
    window = Window.of_dates(floors.FIRST, until, floors.ZONE)
    hours = hours_mask(window, floors.ZONE, OFFICE_HOURS)
    people = {
        n: Clinician(n, 1, {None: hours}, window.outward_seconds(busy), services=frozenset({1}))
        for n, busy in enumerate(busy_of)
    }
    snapshot = Snapshot(window, {1: Location(1, floors.ZONE, window.full)}, people)
    online = frozenset({Mode.ONLINE})
    criteria = Criteria(1, 60, 15, floors.FIRST, until, window.start, window.end, modes=online)
    origin = int(window.start.timestamp())
    return [origin + CELL_SECONDS * cell for cell in bits(starts(snapshot, criteria)[1, Mode.ONLINE])]


def our_picture(x: dict) -> Snapshot:
    """The instance on the grid: blocks of an hour at 9, 11, 13 and 15."""
    days = floors.DATES + floors.DAYS - 1
    window = Window.of_dates(MONDAY, MONDAY + timedelta(days=days), UTC)

    def busy(free: int) -> int:
        firsts = [i // 4 * 288 + 108 + i % 4 * 24 for i in range(days * 4) if not free >> i & 1]
        return window.paint([(first, first + 12) for first in firsts])

    hours = dict.fromkeys(range(floors.OFFICES), window.full)
    people = {c: Clinician(c, 0, hours, busy(m), roles=frozenset(x["roles"][c])) for c, m in enumerate(x["people"])}
    rooms = {100 + r: Room(100 + r, r // floors.ROOMS, 2, busy(m)) for r, m in enumerate(x["rooms"])}
    return Snapshot(window, {n: Location(n, UTC, window.full) for n in range(floors.OFFICES)}, people, rooms)


def our_program(x: dict) -> Program:
    """Its rules: two clinicians per role, two hours a day and five a week, any room for each block."""
    blocks = tuple(Block(b, b // 4, 540 + b % 4 * 120, 60, roles=(x["need"][b],)) for b in range(floors.ALL))
    if x["kind"] == "loose":
        return Program(1, blocks, people_per_role=floors.CLINICIANS, one_room=False)
    return Program(1, blocks, daily_limit=120, total_limit=300, people_per_role=2, one_room=False)


def our_plans(snapshot: Snapshot, program: Program) -> list[Plan]:
    return plans(snapshot, program, our_wish(snapshot))


def our_dates(snapshot: Snapshot, program: Program) -> set[int]:
    return {(day - MONDAY).days for day in start_dates(snapshot, program, our_wish(snapshot))}


def our_wish(snapshot: Snapshot) -> ProgramCriteria:
    until = MONDAY + timedelta(days=floors.DATES)
    return ProgramCriteria(MONDAY, until, snapshot.window.start, snapshot.window.end)


@pytest.mark.parametrize("days", [30, 90])
@pytest.mark.parametrize("number", [1, 20])
def test_slots_of_hosts(number, days):
    busy = floors.hosts(number, days)
    assert our_slots(busy, days) == floors.slots(busy, days)
    ours, floor = alternating(30, lambda: our_slots(busy, days), lambda: floors.slots(busy, days))
    line(f"slots, {number} hosts, {days} days", ours, floor, 2)


@pytest.mark.parametrize("kind", ["loose", "coupled", "tight"])
def test_programs_on_sixty_dates(kind):
    """The floor writes a plan for the first office with rooms. We tell the dates, and write a plan for every office."""
    cases = [(x := floors.instance(seed, kind), our_picture(x), our_program(x)) for seed in range(5)]
    for x, p, g in cases:
        possible = {d for d in range(floors.DATES) if floors.plan_on(x, d)}
        assert our_dates(p, g) == possible
        assert {(plan.start_date - MONDAY).days for plan in our_plans(p, g)} == possible
    dates, written, floor = alternating(
        7,
        lambda: [our_dates(p, g) for _, p, g in cases],
        lambda: [our_plans(p, g) for _, p, g in cases],
        lambda: [floors.plan_on(x, d) for x, _, _ in cases for d in range(floors.DATES)],
    )
    line(f"programs, {kind}, 5 times 60 dates", dates, floor, 5)
    line(f"programs, {kind}, the plans of every office", written, floor, 5)
