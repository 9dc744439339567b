"""The planner: every plan keeps all rules, every possible date is found, and decisions agree with the list."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given

from scheduling.availability.programs.planner import decide_program, plans
from scheduling.availability.programs.program import Block, Program
from scheduling.availability.timegrid.weekly_hours import WeeklyRule
from tests.scheduling.availability.checker import faults
from tests.scheduling.availability.intensives import (
    BOTH,
    COACH,
    FRIDAY,
    LEAD,
    OWN,
    A,
    B,
    at,
    busy,
    four_days,
    frisco,
    make_criteria,
    planned,
    problems,
    snapshot_of,
)
from tests.scheduling.availability.practice import DAY, Guest, Office, Person
from tests.scheduling.availability.rulebook import possible
from tests.scheduling.availability.zones import CHICAGO


@given(problems())
def test_every_plan_passes_the_independent_checker(problem):
    state, program, criteria = problem
    assert [
        faults(state, program, criteria, plan)
        for plan in planned(state, program, criteria)
        if faults(state, program, criteria, plan)
    ] == []


@given(problems())
def test_a_date_has_a_plan_exactly_if_trying_every_combination_finds_one_f13(problem):
    state, program, criteria = problem
    expected = {
        (criteria.first + n * DAY, office)
        for n in range(2)
        for office in state.offices
        if possible(state, program, criteria, office, criteria.first + n * DAY)
    }
    assert {(plan.start_date, plan.location_id) for plan in planned(state, program, criteria)} == expected


@given(problems())
def test_every_listed_plan_is_decided_exactly_as_listed_f13(problem):
    state, program, criteria = problem
    snapshot = snapshot_of(state, criteria)
    for plan in plans(snapshot, program, criteria):
        assert decide_program(snapshot, program, criteria, plan.start_date, plan.location_id, plan.pins) == plan


def test_a_couple_keeps_one_lead_and_a_different_own_clinician_for_each_partner():
    (plan,) = planned(frisco(), four_days())
    seats = {(role, block.attends): set() for block in plan.blocks for role, _ in block.clinicians}
    for block in plan.blocks:
        for role, one in block.clinicians:
            seats[role, block.attends].add(one)
    assert {len(people) for people in seats.values()} == {1}
    assert not seats[OWN, A] & seats[OWN, B]


def test_partners_have_a_room_each_and_joint_work_in_the_room_of_track_a():
    (plan,) = planned(frisco(), four_days())
    assert {block.attends: block.room_id for block in plan.blocks} == {BOTH: 21, A: 21, B: 22}


def test_joint_work_has_its_own_room_if_no_room_can_take_it_and_track_a():
    state = frisco(capacities=(2, 2, 4))
    morning_of_the_third_room = replace(state.dens[23], reserved=(at(12, 17),))
    (plan,) = planned(replace(state, dens=state.dens | {23: morning_of_the_third_room}), four_days())
    assert {block.attends: block.room_id for block in plan.blocks} == {BOTH: 23, A: 21, B: 22}


def test_daily_blocks_keep_their_local_time_across_the_spring_change_f33():
    daily = tuple(Block(day, day, 9 * 60, 420, BOTH, (LEAD,)) for day in range(5))
    (plan,) = planned(frisco(), Program(1, daily, clients=2))
    hours = [(block.start.hour, block.end - block.start) for block in plan.blocks]
    assert hours == [(hour, timedelta(hours=7)) for hour in (15, 15, 14, 14, 14)]


@pytest.mark.parametrize(("first", "minute"), [(date(2027, 3, 14), 150), (date(2027, 11, 7), 90)])
def test_a_date_on_which_a_block_time_is_skipped_or_doubled_has_no_plan_f28_f29(first, minute):
    night = tuple(WeeklyRule(n, 0, 1440) for n in range(7))
    state = replace(frisco(), offices={1: Office(1, CHICAGO, night)}, people={11: Person(11, 1, {1: night})})
    program = Program(1, (Block(1, 0, minute, 30, BOTH, (LEAD,)),))
    assert [plan.start_date for plan in planned(state, program, make_criteria(first - DAY, 3))] == [
        first - DAY,
        first + DAY,
    ]


def test_adjoining_blocks_of_one_booking_have_no_buffer_between_them_f5():
    (plan,) = planned(frisco(), four_days(buffer_before=15, buffer_after=30))
    first_day = [one.span for one in plan.reserved if one.resource_id == 21][:3]
    assert [(span.start.strftime("%H:%M"), span.end.strftime("%H:%M")) for span in first_day] == [
        ("14:45", "17:00"),
        ("17:00", "18:30"),
        ("18:45", "21:00"),
    ]


def test_a_preferred_clinician_leads_if_free():
    (plan,) = planned(
        frisco(), four_days(), make_criteria(preferred_ids=frozenset({14}), only={LEAD: frozenset({13, 14})})
    )
    assert dict(plan.blocks[0].clinicians) == {LEAD: 14}


def test_a_lead_who_is_busy_in_one_block_leads_none_of_them():
    state = busy(frisco(), 11, at(15, 18))
    (plan,) = planned(state, four_days())
    assert all(dict(block.clinicians).get(LEAD, 0) != 11 for block in plan.blocks)


def test_a_substitute_is_planned_only_if_the_program_allows_substitutes():
    state = busy(busy(frisco(people=2), 11, at(12, 15)), 12, at(13, 15))
    program = Program(1, tuple(Block(n, n, 9 * 60, 60, BOTH, (LEAD,)) for n in range(2)), clients=2)
    substituted = planned(state, replace(program, people_per_role=2))
    assert planned(state, program) == []
    assert [plan.pins for plan in substituted] == [(12, 11)]


def test_minutes_of_other_intensives_count_toward_the_daily_limit():
    state, criteria = frisco(people=1), make_criteria()
    program = Program(1, (Block(1, 0, 9 * 60, 120, BOTH, (LEAD,)),), daily_limit=300)
    snapshot = snapshot_of(state, criteria)
    tired = replace(snapshot.clinicians[11], intensive={FRIDAY: 200})
    assert len(plans(snapshot, program, criteria)) == 1
    assert plans(replace(snapshot, clinicians={11: tired}), program, criteria) == []


@pytest.mark.parametrize(
    ("day", "asked_here", "asked_there", "free"),
    [(-3, 2, 0, True), (-2, 2, 0, False), (2, 2, 0, False), (3, 2, 0, True), (3, 2, 3, False), (0, 0, 0, True)],
)
def test_a_clinician_rests_between_two_intensives_for_the_longer_of_their_rest_days(day, asked_here, asked_there, free):
    state, criteria = frisco(people=1), make_criteria()
    program = Program(1, (Block(1, 0, 9 * 60, 120, BOTH, (LEAD,)),), rest_days=asked_here)
    other = FRIDAY + day * DAY
    worked = replace(state.people[11], intensive={other: 60}, rests={other: asked_there})
    found = planned(replace(state, people={11: worked}), program, criteria)
    assert bool(found) == free


def test_a_clinician_who_sees_one_partner_individually_is_not_planned_for_the_other():
    barred = {A: frozenset({11, 12, 13, 14}), B: frozenset({15})}
    (plan,) = planned(frisco(), four_days(), make_criteria(barred=barred))
    assert dict(plan.blocks[1].clinicians) == {OWN: 15}


@pytest.mark.parametrize("second_role", [OWN, COACH])
def test_one_clinician_does_not_see_both_partners_individually_even_at_different_hours(second_role):
    blocks = Block(1, 0, 9 * 60, 60, A, (OWN,)), Block(2, 0, 11 * 60, 60, B, (second_role,))
    found = [len(planned(frisco(people=people), Program(1, blocks, clients=2))) for people in (1, 2)]
    assert found == [0, 1]


def test_one_clinician_may_see_both_partners_individually_in_a_shared_role():
    blocks = Block(1, 0, 9 * 60, 60, A, (OWN,)), Block(2, 0, 11 * 60, 60, B, (OWN,))
    assert len(planned(frisco(people=1), Program(1, blocks, clients=2, shared_roles=frozenset({OWN})))) == 1


def test_one_clinician_does_not_lead_two_blocks_at_the_same_hour_in_a_shared_role():
    blocks = Block(1, 0, 9 * 60, 60, A, (OWN,)), Block(2, 0, 9 * 60, 60, B, (OWN,))
    assert planned(frisco(), Program(1, blocks, clients=2, shared_roles=frozenset({OWN}))) == []


def test_the_next_stretch_goes_to_whoever_can_cover_the_most_consecutive_blocks():
    state = busy(busy(frisco(people=2), 11, at(14, 14), at(16, 14)), 12, at(12, 15), at(17, 14))
    program = Program(1, tuple(Block(n, n, 9 * 60, 60, BOTH, (LEAD,)) for n in range(6)), clients=1, people_per_role=2)
    (plan,) = planned(state, program)
    assert plan.pins == (11, 11, 12, 12, 12, 11)


def test_a_program_whose_block_would_follow_another_too_soon_has_no_plan():
    first, second = Block(1, 0, 9 * 60, 60, roles=(LEAD,)), Block(2, 0, 11 * 60, 60, roles=(LEAD,))
    for minutes, count in ((60, 1), (65, 0)):
        late = replace(second, after_id=1, after_minutes=minutes)
        assert len(planned(frisco(), Program(1, (first, late)))) == count


@pytest.mark.parametrize(
    ("windows", "reserved", "days_found"),
    [
        ({}, (), []),
        ({None: (at(12, 15, 2), at(13, 15))}, (), [12, 13]),
        ({1: (at(13, 15),)}, (), [13]),
        ({2: (at(13, 15),)}, (), []),
        ({None: (at(12, 15), at(13, 15))}, (at(12, 14), at(13, 15)), [12]),
    ],
)
def test_a_block_with_an_external_person_is_planned_only_when_they_can_come(windows, reserved, days_found):
    program = Program(1, (Block(1, 0, 9 * 60, 60, BOTH, (LEAD,), external_id=41),), buffer_before=15)
    state = replace(frisco(), guests={41: Guest(41, windows, reserved)})
    found = planned(state, program, make_criteria(days=3))
    assert [plan.start_date.day for plan in found] == days_found
    assert all(one.span.start.minute == 0 for plan in found for one in plan.reserved if one.resource_id == 41)


def test_an_external_person_counts_toward_the_capacity_of_the_room():
    blocks = (Block(1, 0, 9 * 60, 60, BOTH, (LEAD,), external_id=41),)
    guests = {41: Guest(41, {None: (at(12, 15),)})}
    found = [
        len(planned(replace(frisco(capacities=(seats,)), guests=guests), Program(1, blocks, clients=2)))
        for seats in (3, 4)
    ]
    assert found == [0, 1]


def test_a_program_starts_only_on_its_weekdays():
    found = planned(frisco(), four_days(start_weekdays=frozenset({0})), make_criteria(days=14))
    assert [plan.start_date.weekday() for plan in found] == [0, 0]
