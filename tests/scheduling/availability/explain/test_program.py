"""Obstacles for a program: they are given exactly if no plan exists, and without them the program can be held."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from scheduling.availability.explain.obstacles import Why
from scheduling.availability.explain.program import in_the_way, plan_obstacles
from scheduling.availability.programs.planner import plans
from scheduling.availability.programs.program import Block, Program, ProgramCriteria
from scheduling.availability.rules.breaks import BreakRule
from scheduling.availability.timegrid.grid import Window
from tests.scheduling.availability.clearing import cleared
from tests.scheduling.availability.intensives import (
    BOTH,
    FRIDAY,
    LEAD,
    NINE_TO_FIVE,
    OWN,
    A,
    B,
    at,
    busy,
    frisco,
    problems,
)
from tests.scheduling.availability.intensives import make_criteria as program_criteria
from tests.scheduling.availability.intensives import snapshot_of as program_snapshot_of
from tests.scheduling.availability.practice import DAY, Guest, Office
from tests.scheduling.availability.programs.test_planner_against_cp_sat import (
    CHUNKS,
    DATES,
    PROGRAMS,
    random_criteria,
    random_practice,
    random_program,
)
from tests.scheduling.availability.zones import CHICAGO

# Obstacles that `clearing` cannot remove: clock changes, blocks in the wrong order, overlapping blocks of one role.
FOR_GOOD = {Why.CLOCK_CHANGE, Why.ORDER, Why.TEAM}


def check(snapshot, program, criteria, office):
    """Check that the obstacles for one date at one office are true; returns them."""
    reported, found = (
        plan_obstacles(snapshot, program, criteria, office),
        in_the_way(snapshot, program, criteria, office),
    )
    held = plans(snapshot, program, criteria)
    assert bool(reported) == (not held)
    # Without substitutes, `in_the_way` gives no obstacle if there is a plan.
    assert program.people_per_role > 1 or bool(found) == (not held)
    if found and not FOR_GOOD & {one.why for one in found}:
        assert plans(*cleared(snapshot, program, criteria, found))
    return found


def each_date(state, program, criteria):
    for office in state.offices:
        for n in range((criteria.until - criteria.first).days):
            day = criteria.first + n * DAY
            yield replace(criteria, first=day, until=day + DAY, location_ids=frozenset({office})), office


@given(problems())
def test_a_program_can_be_held_once_all_its_obstacles_are_removed(problem):
    state, program, criteria = problem
    snapshot = state.snapshot_of(Window.of_dates(criteria.first, criteria.until, CHICAGO, pad=8 * DAY))
    for one_date, office in each_date(state, program, criteria):
        check(snapshot, program, one_date, office)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_fifty_random_programs_can_be_held_once_their_obstacles_are_removed(chunk):
    seen = Counter()
    for number in range(chunk * PROGRAMS, (chunk + 1) * PROGRAMS):
        chance = random.Random(number)
        first = date(2027, 1, 4) + chance.randrange(360) * DAY
        state, program, criteria = (
            random_practice(chance, first),
            random_program(chance),
            random_criteria(chance, first),
        )
        snapshot = state.snapshot_of(Window.of_dates(criteria.first, criteria.until, CHICAGO, pad=10 * DAY))
        for n in range(DATES):
            day = first + n * DAY
            found = check(snapshot, program, replace(criteria, first=day, until=day + DAY), 1)
            seen.update({one.why for one in found})
    assert len(seen) > 5


def one_block(begins=540, length=60, roles=(LEAD,), attends=BOTH, **rules):
    return Program(1, (Block(1, 0, begins, length, attends, roles),), clients=1, **rules)


def two_alone():
    """Individual work of both partners at the same hour, in the same role."""
    return Program(1, (Block(1, 0, 540, 60, A, (OWN,)), Block(2, 0, 540, 60, B, (OWN,))), clients=2)


def only(**person):
    """Frisco with one clinician, changed by `person`."""
    state = frisco(people=1)
    return replace(state, people={11: replace(state.people[11], **person)})


def found_obstacles(state, program, **rules):
    criteria = program_criteria(location_ids=frozenset({1}), **rules)
    found = plan_obstacles(program_snapshot_of(state, criteria), program, criteria, 1)
    return [(one.why, one.block_id, one.clinician_id) for one in found]


ALL_DAY = at(12, 0, 24)
DEN = frisco().dens[21]
# Cannot be kept between 11 AM and 1 PM after an hour elsewhere until 11 and an hour of travel.
LATE_MORNING = BreakRule(11 * 60, 13 * 60, 90)


@pytest.mark.parametrize(
    ("state", "program", "expected"),
    [
        (frisco(), one_block(start_weekdays=frozenset({0})), [(Why.WEEKDAY, None, None)]),
        (frisco(), one_block(roles=(9,)), [(Why.NOBODY, 1, None)]),
        (only(rules={None: NINE_TO_FIVE}), one_block(), [(Why.NOT_WORKING, 1, None)]),
        (only(rules={1: NINE_TO_FIVE[:2]}), one_block(), [(Why.NOT_WORKING, 1, 11)]),
        (only(visits=((ALL_DAY, None),)), one_block(), [(Why.BUSY, 1, 11)]),
        (only(visits=((at(12, 14, 1), 2),)), one_block(), [(Why.TRAVEL, 1, 11)]),
        (only(visits=((at(12, 16, 1), 2),), breaks=(LATE_MORNING,)), one_block(begins=780), [(Why.BREAK, 1, 11)]),
        (only(intensive={FRIDAY - DAY: 60}), one_block(rest_days=1), [(Why.REST, 1, 11)]),
        (only(daily_limit=30), one_block(), [(Why.DAILY_LIMIT, None, 11)]),
        (only(weekly_limit=30), one_block(), [(Why.WEEKLY_LIMIT, None, 11)]),
        (only(), one_block(daily_limit=30), [(Why.PROGRAM_DAILY_LIMIT, None, 11)]),
        (only(), one_block(total_limit=30), [(Why.PROGRAM_LIMIT, None, 11)]),
        (only(), one_block(begins=6 * 60), [(Why.OUTSIDE_HOURS, 1, None)]),
        (only(), two_alone(), [(Why.TWO_CLINICIANS, 2, None)]),
        (replace(frisco(), dens={}), one_block(), [(Why.NO_ROOM, 1, None)]),
        (frisco(capacities=(1,)), one_block(), [(Why.ROOM_TOO_SMALL, 1, None)]),
        (replace(frisco(), dens={21: replace(DEN, reserved=(ALL_DAY,))}), one_block(), [(Why.ROOM_TAKEN, 1, None)]),
        (frisco(capacities=(4,)), two_alone(), [(Why.NO_ROOM, 2, None)]),
    ],
)
def test_a_rule_that_alone_stops_a_program_is_the_only_obstacle_given(state, program, expected):
    assert found_obstacles(state, program) == expected


def test_a_closed_day_is_given_for_each_block_on_it():
    state = frisco()
    shut = replace(state, offices={1: Office(1, CHICAGO, NINE_TO_FIVE, (ALL_DAY,))})

    assert found_obstacles(shut, one_block()) == [(Why.CLOSED, 1, None)]


def test_notice_and_horizon_are_given_as_obstacles():
    later = at(20, 0).start
    early = {"earliest": later, "latest": later + DAY}

    assert ask(early) == [Why.NOTICE]
    assert ask({"earliest": later - 99 * DAY, "latest": later - 90 * DAY}) == [Why.HORIZON]


def ask(times):
    criteria = ProgramCriteria(FRIDAY, FRIDAY + DAY, **times, location_ids=frozenset({1}))
    return [one.why for one in plan_obstacles(program_snapshot_of(frisco(), criteria), one_block(), criteria, 1)]


def test_busy_clients_and_external_persons_are_given_by_block():
    outside = Guest(41, {1: (at(12, 20),)}, ())
    state = replace(frisco(), clients={31: (ALL_DAY,)}, apart={31: ((ALL_DAY, 1),)}, guests={41: outside})
    program = replace(one_block(), blocks=(Block(1, 0, 540, 60, BOTH, (LEAD,), external_id=41),))
    criteria = program_criteria(location_ids=frozenset({1}), client_ids=(31,))

    found = plan_obstacles(program_snapshot_of(state, criteria), program, criteria, 1)

    assert [(one.why, one.other_id) for one in found] == [
        (Why.CLIENT_BUSY, 31),
        (Why.KEPT_APART, 31),
        (Why.EXTERNAL_AWAY, 41),
    ]


def test_an_external_person_with_another_appointment_is_given_as_busy():
    state = replace(frisco(), guests={41: Guest(41, {None: (ALL_DAY,)}, (at(12, 15),))})
    program = replace(one_block(), blocks=(Block(1, 0, 540, 60, BOTH, (LEAD,), external_id=41),))

    assert found_obstacles(state, program) == [(Why.EXTERNAL_BUSY, 1, None)]


def test_a_block_in_the_hour_that_clocks_skip_is_a_clock_change_obstacle_F28():
    sunday = date(2027, 3, 14)
    program = one_block(begins=2 * 60 + 30)

    assert found_obstacles(frisco(), program, first=sunday) == [(Why.CLOCK_CHANGE, 1, None)]


def test_of_two_candidates_the_one_who_lacks_fewer_blocks_is_the_obstacle():
    state = busy(busy(frisco(people=2), 11, at(12, 15), at(13, 15)), 12, at(13, 15))
    program = Program(1, tuple(Block(n, n, 540, 60, BOTH, (LEAD,)) for n in range(2)), clients=1)

    assert found_obstacles(state, program) == [(Why.BUSY, 1, 12)]
