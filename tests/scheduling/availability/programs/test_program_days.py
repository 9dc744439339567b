"""The days of a program: clinicians' breaks, partners who arrive at different times, lunch, and two tracks."""

from dataclasses import replace

import pytest

from scheduling.availability.programs.program import Block, Program
from scheduling.availability.rules.breaks import BreakRule
from scheduling.availability.timegrid.grid import Span
from tests.scheduling.availability.intensives import (
    BOTH,
    COACH,
    LEAD,
    OWN,
    A,
    B,
    at,
    busy,
    frisco,
    make_criteria,
    planned,
)

NOON = 11 * 60, 14 * 60


def with_breaks(state, minutes):
    rule = BreakRule(*NOON, minutes)
    return replace(state, people={n: replace(one, breaks=(rule,)) for n, one in state.people.items()})


def hours_from(first, *hours):
    """One-hour blocks for the lead at these local hours of one day."""
    return tuple(Block(hour, 0, hour * 60, 60, BOTH, (LEAD,)) for hour in (first, *hours))


@pytest.mark.parametrize(("minutes", "buffer", "found"), [(60, 0, 1), (65, 0, 0), (60, 5, 0), (50, 5, 1)])
def test_a_clinician_who_leads_on_both_sides_of_noon_keeps_their_break(minutes, buffer, found):
    program = Program(1, hours_from(11, 13), clients=2, buffer_before=buffer)
    assert len(planned(with_breaks(frisco(people=1), minutes), program)) == found


def test_a_break_must_also_fit_beside_other_work():
    state = with_breaks(busy(frisco(people=1), 11, at(12, 18)), 60)
    found = [len(planned(state, Program(1, hours_from(*hours), clients=2))) for hours in ((11,), (13,), (11, 13))]
    assert found == [1, 1, 0]


@pytest.mark.parametrize(("most", "found"), [(1, 0), (2, 1)])
def test_two_clinicians_share_a_role_so_that_both_keep_their_break(most, found):
    program = Program(1, hours_from(11, 12, 13), clients=2, people_per_role=most)
    assert len(planned(with_breaks(frisco(people=2), 60), program)) == found


def test_breaks_of_each_day_are_kept_separately():
    blocks = tuple(Block(day, day, 11 * 60, 120, BOTH, (LEAD,)) for day in range(3))
    assert len(planned(with_breaks(frisco(people=1), 60), Program(1, blocks, clients=2))) == 1


ARRIVALS = Program(
    1,
    (
        Block(1, 0, 9 * 60, 90, A, (OWN,)),
        Block(2, 0, 10 * 60 + 30, 90, BOTH, (LEAD,)),
        Block(3, 0, 13 * 60, 120, A, (OWN,)),
        Block(4, 0, 13 * 60, 90, B, (COACH,)),
        Block(5, 0, 15 * 60, 60, BOTH, (LEAD, COACH)),
    ),
    clients=2,
)


def couple(**spans):
    state = replace(frisco(), clients={31: spans.get("a", ()), 32: spans.get("b", ())})
    return planned(state, ARRIVALS, make_criteria(client_ids=(31, 32)))


def test_partners_who_arrive_at_different_times_have_joint_and_individual_work():
    (plan,) = couple()
    starts = [(block.attends, block.start.strftime("%H:%M")) for block in plan.blocks]
    assert starts == [(A, "15:00"), (BOTH, "16:30"), (A, "19:00"), (B, "19:00"), (BOTH, "21:00")]
    alone = plan.blocks[2], plan.blocks[3]
    assert alone[0].room_id != alone[1].room_id
    assert dict(alone[0].clinicians)[OWN] != dict(alone[1].clinicians)[COACH]


@pytest.mark.parametrize(
    ("partner", "start", "minutes", "found"),
    [
        ("b", at(12, 15), 90, 1),
        ("a", at(12, 15), 90, 0),
        ("a", at(12, 18), 60, 1),
        ("b", at(12, 18), 60, 1),
        ("b", at(12, 18), 65, 0),
        ("b", at(12, 20), 45, 0),
    ],
)
def test_each_partner_must_be_free_for_their_own_blocks_only_and_not_at_lunch(partner, start, minutes, found):
    span = Span(start.start, start.start + (at(12, 1, 1).end - at(12, 1).start) * minutes / 60)
    assert len(couple(**{partner: (span,)})) == found


def test_clinicians_of_a_program_may_have_another_visit_at_lunch():
    state = frisco(people=3)
    for one in state.people:
        state = busy(state, one, at(12, 18))
    assert len(planned(state, ARRIVALS)) == 1
