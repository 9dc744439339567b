"""What is proposed opens the date when that one change is made, and nothing that binds is waived."""

import random
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings

from scheduling.availability.explain.obstacles import WAIVABLE, Why
from scheduling.availability.explain.program import plan_obstacles
from scheduling.availability.explain.program_changes import Asked, plan_changes
from scheduling.availability.explain.single import obstacles
from scheduling.availability.explain.single_changes import Kind, changes
from scheduling.availability.programs.planner import plans
from scheduling.availability.programs.program import Block
from scheduling.availability.single.openings import openings
from scheduling.availability.timegrid.grid import Window

from .practice import DAY, Den
from .programs import BOTH, LEAD, at, busy, four_days, frisco
from .programs import make_criteria as program_criteria
from .programs import snapshot_of as program_snapshot_of
from .states import problems
from .test_openings import MONDAY, NINE, make_criteria, practice, window_of
from .test_planner_against_cp_sat import random_criteria, random_practice, random_program
from .test_why_not import on_each_date
from .zones import CHICAGO

NEVER = {Why.LICENSE, Why.BUSY, Why.TRAVEL, Why.KEPT_APART, Why.CLIENT_BUSY, Why.CLOSED, Why.NOT_WORKING}


def differing(one, other):
    """The names of the fields in which two dataclasses differ."""
    return {field.name for field in fields(one) if getattr(one, field.name) != getattr(other, field.name)}


def test_no_law_no_double_booking_and_no_road_is_ever_waived():
    assert not NEVER & {*WAIVABLE}


@settings(max_examples=100, deadline=None)
@given(problems())
def test_each_change_for_an_appointment_opens_it_and_changes_one_thing(problem):
    for snapshot, anybody, office in on_each_date(problem):
        criteria = replace(anybody, clinician_ids=frozenset({11}))
        if obstacles(snapshot, criteria, office):
            for one in changes(snapshot, criteria, anybody, office, anybody.earliest):
                assert one.opening in openings(one.snapshot, one.criteria)
                assert len(differing(one.criteria, criteria) - {"first", "until"}) + (one.snapshot is not snapshot) <= 1
                assert one.waived in WAIVABLE if one.kind is Kind.EXCEPTION else one.waived is None


def test_two_limits_are_never_waived_at_once():
    by_day = practice(booked={MONDAY: 240}, daily_limit=240)
    by_week_too = practice(booked={MONDAY: 240}, daily_limit=240, weekly_limit=260)

    assert exceptions(by_day) == [Why.DAILY_LIMIT]
    assert exceptions(by_week_too) == []


def exceptions(state):
    found = changes(state.snapshot_of(window_of(make_criteria())), make_criteria(), make_criteria(), 1, NINE - DAY)
    return [one.waived for one in found if one.kind is Kind.EXCEPTION]


def random_case(number):
    """A program that cannot be held, asked for one date; None if it can."""
    chance = random.Random(number)
    day = date(2027, 1, 4) + chance.randrange(360) * DAY
    state, program, criteria = random_practice(chance, day), random_program(chance), random_criteria(chance, day)
    criteria = replace(criteria, first=day, until=day + DAY)
    snapshot = state.snapshot_of(Window.of_dates(day, day + DAY, CHICAGO, pad=10 * DAY))
    return Asked(snapshot, program, criteria), plan_obstacles(snapshot, program, criteria, 1)


@pytest.mark.parametrize("chunk", range(4))
def test_each_change_for_a_program_opens_it_and_changes_one_thing(chunk):
    seen = set()
    for number in range(20 * chunk, 20 * chunk + 20):
        asked, in_the_way = random_case(number)
        for one in plan_changes(asked, 1, in_the_way, 15, asked.criteria.earliest) if in_the_way else ():
            assert asked.plans() == []
            assert one.plan in plans(one.asked.snapshot, one.asked.program, one.asked.criteria)
            check_one_thing(one, asked)
            seen.add(one.kind)
    assert seen


def check_one_thing(one, asked):
    changed = differing(one.asked.program, asked.program)
    match one.kind:
        case Kind.ANOTHER_ROOM:
            assert changed == {"one_room"}
        case Kind.SWAP:
            assert one.asked.program.people_per_role == asked.program.people_per_role + 1
            assert changed == {"people_per_role"}
        case Kind.MOVED_BLOCK:
            before, after = ({block.id: block for block in it.program.blocks} for it in (asked, one.asked))
            assert [differing(before[pk], after[pk]) for pk in before if before[pk] != after[pk]] == [{"start_minute"}]
            assert changed == {"blocks"}
        case Kind.EXCEPTION:
            assert one.waived in WAIVABLE
            assert changed <= {"daily_limit", "total_limit", "rest_days"}
    assert one.kind is Kind.EXCEPTION or one.asked.snapshot == asked.snapshot


def proposed(state, program, criteria=None):
    criteria = criteria or program_criteria(location_ids=frozenset({1}))
    snapshot = program_snapshot_of(state, criteria)
    in_the_way = plan_obstacles(snapshot, program, criteria, 1)
    assert in_the_way
    return {
        one.kind: one for one in plan_changes(Asked(snapshot, program, criteria), 1, in_the_way, 30, criteria.earliest)
    }


def test_a_room_that_is_taken_for_one_block_is_left_for_another():
    state = frisco(capacities=(4, 4, 2))
    dens = state.dens | {
        21: Den(21, 1, 4, (at(12, 15, 2),)),
        22: Den(22, 1, 4, (at(13, 15, 2),)),
    }

    found = proposed(replace(state, dens=dens), four_days())

    ((block, room),) = found[Kind.ANOTHER_ROOM].rooms
    assert (block, room) in {(1, 22), (11, 21)}


def test_one_more_person_in_a_role_opens_the_date():
    state = frisco(people=2)
    program = replace(four_days(), blocks=tuple(Block(n, n, 540, 60, BOTH, (LEAD,)) for n in range(2)), clients=1)
    state = busy(busy(state, 11, at(12, 15)), 12, at(13, 15))

    plan = proposed(state, program)[Kind.SWAP].plan

    assert plan.pins == (12, 11)


def test_a_block_is_moved_to_the_nearest_time_of_its_day_that_is_free():
    state = busy(frisco(people=1), 11, at(12, 15, 1))
    program = replace(four_days(), blocks=(Block(1, 0, 540, 60, BOTH, (LEAD,)),), clients=1)

    (block,) = proposed(state, program)[Kind.MOVED_BLOCK].plan.blocks

    assert block.start == at(12, 16).start


def test_no_block_is_moved_over_another_one():
    state = busy(frisco(people=1), 11, at(12, 15, 1))
    first, second = Block(1, 0, 540, 60, BOTH, (LEAD,)), Block(2, 0, 600, 7 * 60, BOTH, (LEAD,))

    assert Kind.MOVED_BLOCK not in proposed(state, replace(four_days(), blocks=(first, second), clients=1))


def test_a_limit_of_the_program_can_be_waived():
    program = four_days(daily_limit=60)

    assert proposed(frisco(), program)[Kind.EXCEPTION].waived is Why.PROGRAM_DAILY_LIMIT


def test_who_is_busy_all_day_is_not_waived_away():
    state = busy(frisco(people=1), 11, at(12, 0, 24))
    program = replace(four_days(), blocks=(Block(1, 0, 540, 60, BOTH, (LEAD,)),), clients=1)

    assert proposed(state, program) == {}
