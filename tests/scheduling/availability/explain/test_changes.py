"""Proposed changes: each opens the date by changing one thing, and only limits are ever waived."""

import random
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given

from scheduling.availability.explain.obstacles import WAIVABLE, Why
from scheduling.availability.explain.program import plan_obstacles
from scheduling.availability.explain.program_changes import Asked, plan_changes
from scheduling.availability.explain.single import obstacles
from scheduling.availability.explain.single_changes import Kind, changes
from scheduling.availability.programs.planner import plans
from scheduling.availability.programs.program import Block
from scheduling.availability.single.openings import openings
from scheduling.availability.timegrid.grid import Window
from tests.scheduling.availability.intensives import BOTH, LEAD, at, busy, four_days, frisco
from tests.scheduling.availability.intensives import make_criteria as program_criteria
from tests.scheduling.availability.intensives import snapshot_of as program_snapshot_of
from tests.scheduling.availability.practice import DAY, Den
from tests.scheduling.availability.programs.test_planner_against_cp_sat import (
    random_criteria,
    random_practice,
    random_program,
)
from tests.scheduling.availability.single.test_openings import MONDAY, NINE, make_criteria, practice, window_of
from tests.scheduling.availability.states import problems
from tests.scheduling.availability.zones import CHICAGO

from .test_single import on_each_date

NEVER = {Why.LICENSE, Why.BUSY, Why.TRAVEL, Why.KEPT_APART, Why.CLIENT_BUSY, Why.CLOSED, Why.NOT_WORKING}


def differing(left, right):
    """The names of the fields in which two dataclasses differ."""
    return {field.name for field in fields(left) if getattr(left, field.name) != getattr(right, field.name)}


def test_licenses_double_bookings_and_travel_are_never_waived():
    assert not NEVER & {*WAIVABLE}


@given(problems())
def test_each_change_for_an_appointment_gives_an_opening_and_changes_one_thing(problem):
    for snapshot, anybody, office in on_each_date(problem):
        criteria = replace(anybody, clinician_ids=frozenset({11}))
        if obstacles(snapshot, criteria, office):
            for change in changes(snapshot, criteria, anybody, office, anybody.earliest):
                assert change.opening in openings(change.snapshot, change.criteria)
                assert (
                    len(differing(change.criteria, criteria) - {"first", "until"}) + (change.snapshot is not snapshot)
                    <= 1
                )
                assert change.waived in WAIVABLE if change.kind is Kind.EXCEPTION else change.waived is None


def test_an_exception_waives_one_limit_and_never_two():
    by_day = practice(booked={MONDAY: 240}, daily_limit=240)
    by_week_too = practice(booked={MONDAY: 240}, daily_limit=240, weekly_limit=260)

    assert exceptions(by_day) == [Why.DAILY_LIMIT]
    assert exceptions(by_week_too) == []


def exceptions(state):
    found = changes(state.snapshot_of(window_of(make_criteria())), make_criteria(), make_criteria(), 1, NINE - DAY)
    return [change.waived for change in found if change.kind is Kind.EXCEPTION]


def random_problem(number):
    """A random planning problem for one date, and the obstacles to it."""
    chance = random.Random(number)
    day = date(2027, 1, 4) + chance.randrange(360) * DAY
    state, program, criteria = random_practice(chance, day), random_program(chance), random_criteria(chance, day)
    criteria = replace(criteria, first=day, until=day + DAY)
    snapshot = state.snapshot_of(Window.of_dates(day, day + DAY, CHICAGO, pad=10 * DAY))
    return Asked(snapshot, program, criteria), plan_obstacles(snapshot, program, criteria, 1)


@pytest.mark.parametrize("chunk", range(4))
def test_each_change_for_a_program_gives_a_plan_and_changes_one_thing(chunk):
    seen = set()
    for number in range(20 * chunk, 20 * chunk + 20):
        asked, found = random_problem(number)
        for change in plan_changes(asked, 1, found, 15, asked.criteria.earliest) if found else ():
            assert asked.plans() == []
            assert change.plan in plans(change.asked.snapshot, change.asked.program, change.asked.criteria)
            check_one_thing(change, asked)
            seen.add(change.kind)
    assert seen


def check_one_thing(change, asked):
    changed = differing(change.asked.program, asked.program)
    match change.kind:
        case Kind.ANOTHER_ROOM:
            assert changed == {"one_room"}
        case Kind.SWAP:
            assert change.asked.program.people_per_role == asked.program.people_per_role + 1
            assert changed == {"people_per_role"}
        case Kind.MOVED_BLOCK:
            before, after = ({block.id: block for block in it.program.blocks} for it in (asked, change.asked))
            assert [differing(before[pk], after[pk]) for pk in before if before[pk] != after[pk]] == [{"start_minute"}]
            assert changed == {"blocks"}
        case Kind.EXCEPTION:
            assert change.waived in WAIVABLE
            assert changed <= {"daily_limit", "total_limit", "rest_days"}
    assert change.kind is Kind.EXCEPTION or change.asked.snapshot == asked.snapshot


def proposed(state, program, criteria=None):
    criteria = criteria or program_criteria(location_ids=frozenset({1}))
    snapshot = program_snapshot_of(state, criteria)
    found = plan_obstacles(snapshot, program, criteria, 1)
    assert found
    return {
        change.kind: change
        for change in plan_changes(Asked(snapshot, program, criteria), 1, found, 30, criteria.earliest)
    }


def test_a_kept_room_that_is_taken_for_one_block_is_changed_for_that_block():
    state = frisco(capacities=(4, 4, 2))
    dens = state.dens | {
        21: Den(21, 1, 4, (at(12, 15, 2),)),
        22: Den(22, 1, 4, (at(13, 15, 2),)),
    }

    found = proposed(replace(state, dens=dens), four_days())

    ((block, room),) = found[Kind.ANOTHER_ROOM].rooms
    assert (block, room) in {(1, 22), (11, 21)}


def test_one_more_clinician_in_a_role_opens_the_date():
    state = frisco(people=2)
    program = replace(four_days(), blocks=tuple(Block(n, n, 540, 60, BOTH, (LEAD,)) for n in range(2)), clients=1)
    state = busy(busy(state, 11, at(12, 15)), 12, at(13, 15))

    plan = proposed(state, program)[Kind.SWAP].plan

    assert plan.pins == (12, 11)


def test_a_blocked_block_is_moved_to_the_nearest_free_time_of_its_day():
    state = busy(frisco(people=1), 11, at(12, 15, 1))
    program = replace(four_days(), blocks=(Block(1, 0, 540, 60, BOTH, (LEAD,)),), clients=1)

    (block,) = proposed(state, program)[Kind.MOVED_BLOCK].plan.blocks

    assert block.start == at(12, 16).start


def test_a_block_is_not_moved_so_that_it_overlaps_another():
    state = busy(frisco(people=1), 11, at(12, 15, 1))
    first, second = Block(1, 0, 540, 60, BOTH, (LEAD,)), Block(2, 0, 600, 7 * 60, BOTH, (LEAD,))

    assert Kind.MOVED_BLOCK not in proposed(state, replace(four_days(), blocks=(first, second), clients=1))


def test_a_daily_limit_of_the_program_can_be_waived():
    program = four_days(daily_limit=60)

    assert proposed(frisco(), program)[Kind.EXCEPTION].waived is Why.PROGRAM_DAILY_LIMIT


def test_a_clinician_who_is_busy_all_day_leaves_no_change_to_propose():
    state = busy(frisco(people=1), 11, at(12, 0, 24))
    program = replace(four_days(), blocks=(Block(1, 0, 540, 60, BOTH, (LEAD,)),), clients=1)

    assert proposed(state, program) == {}
