"""Several plans per date, the best first: preferred clinicians, then fewest handovers, then least booked."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.availability.programs.planner import decide_program, plans, start_dates
from scheduling.availability.programs.program import Block, Program
from tests.scheduling.availability.checker import faults
from tests.scheduling.availability.intensives import (
    BOTH,
    COACH,
    LEAD,
    at,
    busy,
    four_days,
    frisco,
    make_criteria,
    planned,
    problems,
    snapshot_of,
)


def days_led(number, **rules):
    return Program(1, tuple(Block(n, n, 9 * 60, 60, BOTH, (LEAD,)) for n in range(number)), clients=2, **rules)


def busy_on(state, person, *march):
    return busy(state, person, *(at(day, 14, 2) for day in march))


def booked(state, **minutes):
    """`state` with minutes booked for each clinician (`p11=60`) on the day before the program starts."""
    people = {
        n: replace(one, booked={at(11, 9).start.date(): minutes.get(f"p{n}", 0)}) for n, one in state.people.items()
    }
    return replace(state, people=people)


def test_each_plan_of_a_date_has_a_different_lead():
    found = planned(frisco(), four_days(), most_per_date=3)
    assert len({plan.pins[0] for plan in found}) == 3


def test_once_every_lead_has_a_plan_further_plans_differ_in_another_role():
    found = planned(frisco(), four_days(), make_criteria(only={LEAD: frozenset({11, 12})}), most_per_date=5)
    assert [plan.pins[0] for plan in found[:2]] == [11, 12]
    assert len({plan.pins for plan in found}) == 5


def test_a_date_has_no_more_plans_than_different_teams():
    assert [plan.pins for plan in planned(frisco(people=2), days_led(2), most_per_date=9)] == [(11, 11), (12, 12)]


def test_no_plan_has_a_substitute_while_leads_who_can_stay_are_left():
    state = busy_on(frisco(people=3), 11, 12)
    found = planned(state, days_led(2, people_per_role=2), most_per_date=3)
    assert [plan.pins for plan in found] == [(12, 12), (13, 13)]


def test_a_further_plan_may_use_a_substitute_so_that_another_lead_begins():
    state = busy_on(busy_on(frisco(people=2), 11, 13), 12, 14)
    found = planned(state, days_led(3, people_per_role=2), most_per_date=3)
    assert [plan.pins for plan in found] == [(12, 12, 11), (11, 12, 11)]


@given(problems())
def test_plans_of_a_date_are_sound_different_and_decided_exactly_as_listed_f13(problem):
    state, program, criteria = problem
    snapshot = snapshot_of(state, criteria)
    found = plans(snapshot, program, criteria, most_per_date=3)
    for plan in found:
        assert faults(state, program, criteria, plan) == []
        assert decide_program(snapshot, program, criteria, plan.start_date, plan.location_id, plan.pins) == plan
    assert len({(plan.start_date, plan.location_id, plan.pins) for plan in found}) == len(found)
    first = {(plan.start_date, plan.location_id): plan for plan in reversed(found)}
    assert sorted(first.values(), key=lambda plan: (plan.start, plan.location_id)) == plans(snapshot, program, criteria)


@given(problems())
def test_start_dates_are_exactly_the_dates_with_a_plan(problem):
    state, program, criteria = problem
    snapshot = snapshot_of(state, criteria)
    expected = sorted({plan.start_date for plan in plans(snapshot, program, criteria)})
    assert list(start_dates(snapshot, program, criteria)) == expected


def test_a_plan_has_the_fewest_handovers_possible():
    # If 11 began, 12 would have to fill in for one day: two handovers instead of one.
    state = busy_on(busy_on(busy_on(frisco(people=3), 11, 13), 12, 15), 13, 15)
    (plan,) = planned(state, days_led(4, people_per_role=2))
    assert plan.pins == (12, 12, 12, 11)


def test_a_limit_causes_no_more_handovers_than_needed():
    # Each may lead two hours in all, so each leads two days in a row.
    (plan,) = planned(frisco(people=2), days_led(4, people_per_role=2, total_limit=120))
    assert plan.pins == (11, 11, 12, 12)


def test_the_least_booked_clinician_leads():
    (plan,) = planned(booked(frisco(people=3), p11=120, p12=60, p13=90), days_led(2))
    assert set(plan.pins) == {12}


def test_of_teams_with_equal_handovers_the_least_booked_team_shares_a_role():
    # Three teams can share the role: 11 and 12, 13 and 14, 13 and 12. None of them can lead alone.
    state = busy_on(busy_on(frisco(people=4), 11, 14, 15), 12, 12, 13)
    state = busy_on(busy_on(state, 13, 15), 14, 12, 13, 14)
    state = booked(state, p11=0, p12=100, p13=40, p14=50)
    (plan,) = planned(state, days_led(4, people_per_role=2))
    assert plan.pins == (13, 13, 13, 14)


def test_a_preferred_clinician_who_could_fill_two_roles_fills_the_first():
    state, few = frisco(people=4), frozenset({LEAD, COACH})
    people = {n: replace(one, roles=few if n < 13 else frozenset({LEAD})) for n, one in state.people.items()}
    both = Program(1, (Block(1, 0, 9 * 60, 60, BOTH, (LEAD, COACH)),), clients=1)
    (plan,) = planned(replace(state, people=people), both, make_criteria(preferred_ids=frozenset({11})))
    assert plan.pins == (11, 12)


@pytest.mark.parametrize("most", [1, 2])
def test_a_preferred_clinician_who_cannot_stay_begins_only_if_substitutes_are_allowed(most):
    state = busy_on(frisco(people=2), 11, 13)
    (plan,) = planned(state, days_led(3, people_per_role=most), make_criteria(preferred_ids=frozenset({11})))
    assert plan.pins == ((12, 12, 12) if most == 1 else (11, 12, 12))


@given(problems(), st.sampled_from([11, 12, 13]))
def test_preferring_a_clinician_loses_no_date(problem, preferred):
    state, program, criteria = problem
    snapshot, preferring = snapshot_of(state, criteria), replace(criteria, preferred_ids=frozenset({preferred}))
    assert _dates(plans(snapshot, program, preferring)) == _dates(plans(snapshot, program, criteria))


@given(problems(), st.sampled_from([11, 12, 13]))
def test_a_preferred_clinician_is_in_the_plan_of_every_date_on_which_they_can_fill_a_role(problem, preferred):
    state, program, criteria = problem
    snapshot, preferring = snapshot_of(state, criteria), replace(criteria, preferred_ids=frozenset({preferred}))
    chosen = {(p.start_date, p.location_id): p for p in plans(snapshot, program, preferring)}
    roles = {role for block in program.blocks for role in block.roles}
    for role in roles:
        for plan in plans(snapshot, program, replace(criteria, only={role: frozenset({preferred})})):
            assert preferred in chosen[plan.start_date, plan.location_id].pins


def _dates(found):
    return [(plan.start_date, plan.location_id) for plan in found]
