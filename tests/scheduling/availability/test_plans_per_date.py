"""Of several plans for a date the best comes first: preferred people, few handovers, then whoever is booked least."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.availability.programs.planner import decide_program, plans, start_dates
from scheduling.availability.programs.program import Block, Program

from .checker import faults
from .programs import BOTH, COACH, LEAD, at, busy, four_days, frisco, make_criteria, planned, problems, snapshot_of


def days_led(number, **rules):
    return Program(1, tuple(Block(n, n, 9 * 60, 60, BOTH, (LEAD,)) for n in range(number)), clients=2, **rules)


def busy_on(state, person, *march):
    return busy(state, person, *(at(day, 14, 2) for day in march))


def booked(state, **minutes):
    """Each clinician, named by p and number, with so many minutes booked in the week before."""
    people = {
        n: replace(one, booked={at(11, 9).start.date(): minutes.get(f"p{n}", 0)}) for n, one in state.people.items()
    }
    return replace(state, people=people)


def test_the_plans_of_a_date_have_a_different_lead_each():
    found = planned(frisco(), four_days(), most_per_date=3)
    assert len({plan.pins[0] for plan in found}) == 3


def test_when_every_lead_has_a_plan_somebody_else_changes():
    found = planned(frisco(), four_days(), make_criteria(only={LEAD: frozenset({11, 12})}), most_per_date=5)
    assert [plan.pins[0] for plan in found[:2]] == [11, 12]
    assert len({plan.pins for plan in found}) == 5


def test_there_are_no_more_plans_than_teams():
    assert [plan.pins for plan in planned(frisco(people=2), days_led(2), most_per_date=9)] == [(11, 11), (12, 12)]


def test_plans_with_a_substitute_come_after_those_without():
    state = busy_on(frisco(people=3), 11, 12)
    found = planned(state, days_led(2, people_per_role=2), most_per_date=3)
    assert [plan.pins for plan in found] == [(12, 12), (13, 13)]


def test_a_substitute_lets_another_lead_begin():
    state = busy_on(busy_on(frisco(people=2), 11, 13), 12, 14)
    found = planned(state, days_led(3, people_per_role=2), most_per_date=3)
    assert [plan.pins for plan in found] == [(12, 12, 11), (11, 12, 11)]


@settings(max_examples=100, deadline=None)
@given(problems())
def test_every_plan_of_a_date_is_sound_another_and_may_be_decided_f13(problem):
    state, program, criteria = problem
    snapshot = snapshot_of(state, criteria)
    found = plans(snapshot, program, criteria, most_per_date=3)
    for plan in found:
        assert faults(state, program, criteria, plan) == []
        assert decide_program(snapshot, program, criteria, plan.start_date, plan.location_id, plan.pins) == plan
    assert len({(plan.start_date, plan.location_id, plan.pins) for plan in found}) == len(found)
    first = {(plan.start_date, plan.location_id): plan for plan in reversed(found)}
    assert sorted(first.values(), key=lambda plan: (plan.start, plan.location_id)) == plans(snapshot, program, criteria)


@settings(max_examples=100, deadline=None)
@given(problems())
def test_the_start_dates_are_those_of_the_plans(problem):
    state, program, criteria = problem
    snapshot = snapshot_of(state, criteria)
    expected = sorted({plan.start_date for plan in plans(snapshot, program, criteria)})
    assert list(start_dates(snapshot, program, criteria)) == expected


def test_hands_change_as_seldom_as_can_be():
    # 11 could begin, and 12 would have to step in for one day only: twice.
    state = busy_on(busy_on(busy_on(frisco(people=3), 11, 13), 12, 15), 13, 15)
    (plan,) = planned(state, days_led(4, people_per_role=2))
    assert plan.pins == (12, 12, 12, 11)


def test_a_limit_does_not_cost_more_handovers_than_it_must():
    # Either may lead two hours in all: so each takes two days in a row.
    (plan,) = planned(frisco(people=2), days_led(4, people_per_role=2, total_limit=120))
    assert plan.pins == (11, 11, 12, 12)


def test_whoever_is_booked_least_leads():
    (plan,) = planned(booked(frisco(people=3), p11=120, p12=60, p13=90), days_led(2))
    assert set(plan.pins) == {12}


def test_of_those_who_need_as_few_handovers_the_least_booked_share_a_role():
    # 11 and 12 could, so could 13 and 14 and so could 13 and 12; each of them alone could not.
    state = busy_on(busy_on(frisco(people=4), 11, 14, 15), 12, 12, 13)
    state = busy_on(busy_on(state, 13, 15), 14, 12, 13, 14)
    state = booked(state, p11=0, p12=100, p13=40, p14=50)
    (plan,) = planned(state, days_led(4, people_per_role=2))
    assert plan.pins == (13, 13, 13, 14)


def test_a_preferred_clinician_who_could_do_either_has_the_first_role():
    state, few = frisco(people=4), frozenset({LEAD, COACH})
    people = {n: replace(one, roles=few if n < 13 else frozenset({LEAD})) for n, one in state.people.items()}
    both = Program(1, (Block(1, 0, 9 * 60, 60, BOTH, (LEAD, COACH)),), clients=1)
    (plan,) = planned(replace(state, people=people), both, make_criteria(preferred_ids=frozenset({11})))
    assert plan.pins == (11, 12)


@pytest.mark.parametrize("most", [1, 2])
def test_a_preferred_clinician_begins_where_a_substitute_may_go_on(most):
    state = busy_on(frisco(people=2), 11, 13)
    (plan,) = planned(state, days_led(3, people_per_role=most), make_criteria(preferred_ids=frozenset({11})))
    assert plan.pins == ((12, 12, 12) if most == 1 else (11, 12, 12))


@settings(max_examples=150, deadline=None)
@given(problems(), st.sampled_from([11, 12, 13]))
def test_whoever_is_preferred_costs_no_date(problem, preferred):
    state, program, criteria = problem
    snapshot, preferring = snapshot_of(state, criteria), replace(criteria, preferred_ids=frozenset({preferred}))
    assert _dates(plans(snapshot, program, preferring)) == _dates(plans(snapshot, program, criteria))


@settings(max_examples=150, deadline=None)
@given(problems(), st.sampled_from([11, 12, 13]))
def test_whoever_is_preferred_is_in_the_plan_wherever_they_can_fill_a_role(problem, preferred):
    state, program, criteria = problem
    snapshot, preferring = snapshot_of(state, criteria), replace(criteria, preferred_ids=frozenset({preferred}))
    chosen = {(p.start_date, p.location_id): p for p in plans(snapshot, program, preferring)}
    roles = {role for block in program.blocks for role in block.roles}
    for role in roles:
        for plan in plans(snapshot, program, replace(criteria, only={role: frozenset({preferred})})):
            assert preferred in chosen[plan.start_date, plan.location_id].pins


def _dates(found):
    return [(plan.start_date, plan.location_id) for plan in found]
