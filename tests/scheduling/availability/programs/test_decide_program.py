"""Decisions on a plan: rooms may change, clinicians may not. Also programs that are refused as impossible."""

from dataclasses import replace

import pytest

from scheduling.availability.programs.plan import Plan
from scheduling.availability.programs.planner import decide_program
from scheduling.availability.programs.program import Block, Program, ProgramError
from scheduling.availability.refusals import Reason, Refusal
from tests.scheduling.availability.intensives import (
    FRIDAY,
    A,
    B,
    at,
    busy,
    four_days,
    frisco,
    make_criteria,
    planned,
    snapshot_of,
)
from tests.scheduling.availability.practice import DAY


def test_a_plan_whose_room_was_taken_gets_another_room_and_keeps_its_clinicians():
    state, criteria = frisco(capacities=(4, 2, 4)), make_criteria()
    (plan,) = planned(state, four_days())
    taken = replace(state, dens=state.dens | {21: replace(state.dens[21], reserved=(at(12, 15),))})
    again = decide_program(snapshot_of(taken, criteria), four_days(), criteria, FRIDAY, 1, plan.pins)
    assert isinstance(again, Plan)
    assert (again.pins, again.blocks[0].room_id) == (plan.pins, 23)


def refused(state, pins, first=FRIDAY, office=1, program=None, **rules):
    criteria = make_criteria(**rules)
    answer = decide_program(snapshot_of(state, criteria), program or four_days(), criteria, first, office, pins)
    return answer.reason if isinstance(answer, Refusal) else None


def test_a_plan_that_is_not_listed_is_refused_with_the_rule_it_breaks_f12():
    state = frisco()
    (plan,) = planned(state, four_days())
    lead = plan.pins[0]
    assert [
        refused(state, plan.pins),
        refused(busy(state, lead, at(12, 15)), plan.pins),
        refused(state, (lead,) * len(plan.pins)),
        refused(state, plan.pins[1:]),
        refused(state, (99, *plan.pins[1:])),
        refused(state, plan.pins, first=FRIDAY + DAY),
        refused(state, plan.pins, office=2),
        refused(state, plan.pins, program=four_days(start_weekdays=frozenset({0}))),
    ] == [
        None,
        Reason.TAKEN,
        Reason.TAKEN,
        Reason.NOT_OFFERED,
        Reason.NOT_OFFERED,
        Reason.OUTSIDE_DATES,
        Reason.NOT_OFFERED,
        Reason.OFF_STEP,
    ]


@pytest.mark.parametrize(
    ("blocks", "clients"),
    [
        ((), 1),
        ((Block(1, 0, 600, 60), Block(1, 0, 700, 60)), 1),
        ((Block(1, 0, 700, 60), Block(2, 0, 600, 60)), 1),
        ((Block(1, 0, 600, 60), Block(2, 0, 630, 60, A)), 1),
        ((Block(1, 0, 600, 60, B),), 1),
        ((Block(1, 0, 600, 60, A, external_id=41), Block(2, 0, 630, 60, B, external_id=41)), 2),
    ],
)
def test_a_program_that_could_be_held_on_no_date_is_refused(blocks, clients):
    with pytest.raises(ProgramError):
        Program(1, blocks, clients=clients)


def test_a_program_with_more_than_200_blocks_is_refused():
    blocks = tuple(Block(n, n // 100, n % 100 * 10, 10) for n in range(201))
    with pytest.raises(ProgramError):
        Program(1, blocks)
