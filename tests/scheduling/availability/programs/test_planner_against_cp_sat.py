"""The planner against CP-SAT: both find the same dates and handovers, and every plan passes the checker."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from scheduling.availability.programs.plan import Plan
from scheduling.availability.programs.planner import plans
from scheduling.availability.programs.program import Attends, Block, Program, ProgramCriteria
from scheduling.availability.rules.breaks import BreakRule
from scheduling.availability.timegrid.grid import Span, Window
from scheduling.availability.timegrid.walltime import day_start
from scheduling.availability.timegrid.weekly_hours import WeeklyRule
from tests.scheduling.availability.checker import faults
from tests.scheduling.availability.cp_sat import fewest_handovers
from tests.scheduling.availability.practice import DAY, Den, Guest, Office, Person, Practice
from tests.scheduling.availability.rulebook import handovers
from tests.scheduling.availability.zones import CHICAGO, ZONES

CHUNKS, PROGRAMS = 10, 50
DATES = 2
DAILY = tuple(WeeklyRule(n, 8 * 60, 20 * 60) for n in range(7))
A, B, BOTH = Attends.A, Attends.B, Attends.BOTH


def random_program(chance: random.Random) -> Program:
    couple = chance.random() < 0.7
    blocks: list[Block] = []
    for day in range(chance.randint(1, 4)):
        minute = chance.choice([9 * 60, 10 * 60])
        for _ in range(chance.randint(1, 3)):
            length = chance.choice([45, 60, 90, 120])
            kinds = [A, B] if couple and chance.random() < 0.5 else [BOTH]
            for attends in kinds:
                roles = tuple(chance.sample([1, 2, 3], chance.choice([1, 1, 1, 2])))
                room = chance.random() < 0.9
                guest = 41 if attends is not B and chance.random() < 0.1 else None
                after, wait = (
                    (blocks[0].id, chance.choice([0, 15, 600])) if day and chance.random() < 0.3 else (None, 0)
                )
                block = Block(len(blocks), day, minute, length, attends, roles, room, frozenset(), after, wait, guest)
                blocks.append(block)
            minute += length + chance.choice([0, 0, 15, 60])
    return Program(
        1,
        tuple(sorted(blocks, key=lambda block: block.begins)),
        clients=2 if couple else 1,
        buffer_before=chance.choice([0, 0, 10]),
        buffer_after=chance.choice([0, 0, 15]),
        daily_limit=chance.choice([None, 180, 240]),
        total_limit=chance.choice([None, None, 480]),
        shared_roles=chance.choice([frozenset(), frozenset({2})]),
        people_per_role=chance.choice([1, 1, 2, 3]),
        one_room=chance.random() < 0.8,
        rest_days=chance.choice([0, 0, 0, 0, 1, 2]),
    )


def random_practice(chance: random.Random, first: date) -> Practice:
    zone = chance.choice(ZONES)
    noon = day_start(first, zone)

    def spans(most: int) -> list[Span]:
        found = []
        for _ in range(chance.randint(0, most)):
            start = noon + timedelta(minutes=5 * chance.randrange(100, 6 * 288))
            found.append(Span(start, start + timedelta(minutes=chance.choice([30, 60, 180]))))
        return found

    offices = {n: Office(n, zone, DAILY) for n in (1, 2)}
    people = {
        n: Person(
            n,
            1,
            {1: DAILY, 2: DAILY},
            tuple((span, chance.choice([1, 2, None])) for span in spans(4)),
            booked={first + DAY: chance.choice([0, 120])},
            daily_limit=chance.choice([None, None, 240]),
            roles=frozenset(chance.sample([1, 2, 3], chance.choice([1, 2, 3]))),
            intensive={first: chance.choice([0, 60])},
            weekly_limit=chance.choice([None, None, 600]),
            rests=chance.choice([{}, {}, {first: 1}]),
            intensive_daily_limit=chance.choice([None, None, None, 240]),
            breaks=chance.choice([(), (), (BreakRule(11 * 60, 14 * 60, chance.choice([45, 90, 120])),)]),
            licensed_until=chance.choice([None, None, None, {1: first + chance.choice([2, 9]) * DAY}]),
        )
        for n in range(11, 11 + chance.randint(3, 7))
    }
    dens = {n: Den(n, 1, chance.choice([2, 3, 4, 5]), tuple(spans(3))) for n in range(21, 21 + chance.randint(2, 4))}
    clients = {n: tuple(spans(1)) for n in (31, 32)}
    guests = {41: Guest(41, {chance.choice([None, 1]): (Span(noon, noon + 9 * DAY),)}, tuple(spans(1)))}
    others = {n: tuple((span, chance.choice([1, 2])) for span in spans(1)) for n in (31, 32)}
    return Practice(offices, people, dens, {(1, 2): 25, (2, 1): 40}, clients, guests, others)


def random_criteria(chance: random.Random, first: date) -> ProgramCriteria:
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    return ProgramCriteria(
        first,
        first + DATES * DAY,
        start - DAY,
        start + 30 * DAY,
        location_ids=frozenset({1}),
        only=chance.choice([{}, {}, {1: frozenset(range(11, 14))}]),
        excluded_ids=frozenset(chance.choice([(), (), (11,)])),
        client_ids=chance.choice([(), (), (31,), (31, 32), (None, 32)]),
        barred=chance.choice([{}, {}, {A: frozenset({12})}, {A: frozenset({12}), B: frozenset({13, 14})}]),
    )


def compare(numbers: range) -> Counter[bool]:
    """Compare planner and CP-SAT on these random problems; the count of possible (True) and impossible dates."""
    seen: Counter[bool] = Counter()
    for number in numbers:
        chance = random.Random(number)
        first = date(2027, 1, 4) + chance.randrange(360) * DAY
        state, program, criteria = (
            random_practice(chance, first),
            random_program(chance),
            random_criteria(chance, first),
        )
        window = Window.of_dates(criteria.first, criteria.until, CHICAGO, pad=10 * DAY)
        found: dict[date, list[Plan]] = {}
        for plan in plans(state.snapshot_of(window), program, criteria, most_per_date=3):
            assert faults(state, program, criteria, plan) == [], number
            found.setdefault(plan.start_date, []).append(plan)
        for day in (first + n * DAY for n in range(DATES)):
            fewest = fewest_handovers(state, program, criteria, 1, day)
            assert (day in found) == (fewest is not None), (number, day)
            seen[day in found] += 1
            if day in found:
                changes = [handovers(program, led(plan)) for plan in found[day]]
                assert changes[0] == fewest, (number, day)
                assert len({plan.pins for plan in found[day]}) == len(found[day]), (number, day)
    return seen


def led(plan: Plan) -> dict[tuple[int, int], int]:
    return {(i, role): one for i, block in enumerate(plan.blocks) for role, one in block.clinicians}


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_planner_and_cp_sat_agree_on_fifty_random_programs(chunk):
    seen = compare(range(chunk * PROGRAMS, (chunk + 1) * PROGRAMS))
    assert min(seen[True], seen[False]) > PROGRAMS / 5


@pytest.mark.soak
def test_planner_and_cp_sat_agree_on_five_thousand_random_programs():
    seen = compare(range(10_000, 15_000))
    assert min(seen[True], seen[False]) > 1_000
