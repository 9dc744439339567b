"""Obstacles for a single appointment: given exactly when no start is open, and true rule by rule."""

from dataclasses import replace

import pytest
from hypothesis import given

from scheduling.availability.explain.obstacles import RULES, Why, in_force
from scheduling.availability.explain.single import Nearby, obstacles
from scheduling.availability.rules.breaks import BreakRule, breaks_in
from scheduling.availability.single.openings import Opening, decide, openings
from scheduling.availability.snapshot import Mode
from scheduling.availability.timegrid.grid import Span
from scheduling.availability.timegrid.weekly_hours import WeeklyRule
from tests.scheduling.availability.practice import DAY, Den, Office
from tests.scheduling.availability.single.test_openings import (
    EVERY_DAY,
    HOUR,
    MONDAY,
    NINE,
    make_criteria,
    practice,
    window_of,
)
from tests.scheduling.availability.states import problems
from tests.scheduling.availability.zones import CHICAGO

ONE = 11


def on_each_date(problem):
    """The snapshot of the problem, and its criteria narrowed to each date and office in turn."""
    state, criteria = problem
    snapshot = state.snapshot_of(window_of(criteria))
    for office in state.offices:
        for n in range((criteria.until - criteria.first).days):
            day = criteria.first + n * DAY
            yield snapshot, replace(criteria, first=day, until=day + DAY, location_ids=frozenset({office})), office


@given(problems())
def test_there_is_an_obstacle_exactly_if_no_opening_is_listed_f13(problem):
    for snapshot, criteria, office in on_each_date(problem):
        assert bool(obstacles(snapshot, criteria, office)) == (not openings(snapshot, criteria))


def without(snapshot, criteria, rules):
    """Snapshot and criteria without `rules`. Without BUSY, travel and breaks do not count either."""
    lifted = {*rules} | ({Why.TRAVEL, Why.BREAK} if Why.BUSY in rules else set())
    window = snapshot.window
    eased_criteria = replace(
        criteria,
        earliest=window.start if Why.NOTICE in lifted else criteria.earliest,
        latest=window.end if Why.HORIZON in lifted else criteria.latest,
        licensed=criteria.licensed and Why.LICENSE not in lifted,
    )
    return in_force(snapshot, RULES - lifted, criteria.features), eased_criteria


@given(problems())
def test_the_nearest_start_opens_once_all_its_broken_rules_are_lifted_and_not_before(problem):
    for snapshot, criteria, office in on_each_date(problem):
        for nearest in Nearby(snapshot, criteria, office).nearest_starts():
            at = snapshot.window.instant(nearest.cell), office, nearest.mode, nearest.clinician_id
            eased, asked = without(snapshot, criteria, nearest.broken)
            assert isinstance(decide(eased, asked, *at), Opening)
            for rule in nearest.broken:
                others = [each for each in nearest.broken if each is not rule]
                assert seats(snapshot, criteria, others, at, nearest.seat_id) == []


def seats(snapshot, criteria, lifted, at, seat_id):
    # The decision may also find work from home, so only the seat in question counts.
    found = decide(*without(snapshot, criteria, lifted), *at)
    return [found] if isinstance(found, Opening) and found.seat_id == seat_id else []


def found_obstacles(state, criteria, office=1):
    return [
        (obstacle.why, obstacle.clinician_id)
        for obstacle in obstacles(state.snapshot_of(window_of(criteria)), criteria, office)
    ]


def at(hour, hours=1.0):
    start = NINE + (hour - 9) * HOUR
    return Span(start, start + hours * HOUR)


ALL_DAY = at(9, 8)
HERE = {"location_ids": frozenset({1})}


@pytest.mark.parametrize(
    ("state", "rules", "expected"),
    [
        (practice(), {"clinician_ids": frozenset({12})}, [(Why.NOT_OFFERED, 12)]),
        (practice(), {"excluded_ids": frozenset({ONE})}, [(Why.EXCLUDED, ONE)]),
        (practice(), {"clinician_ids": frozenset()}, [(Why.NOBODY, None)]),
        (practice(), {"earliest": NINE + 300 * DAY}, [(Why.NOTICE, None)]),
        (practice(), {"latest": NINE}, [(Why.HORIZON, None)]),
        (practice(), {"length": 9 * 60}, [(Why.OUTSIDE_HOURS, None)]),
        (practice(), {"people": 4}, [(Why.ROOM_TOO_SMALL, None)]),
        (practice(), {"features": frozenset({"couch"})}, [(Why.ROOM_LACKS, None)]),
        (practice(dens={22: Den(22, 2, 3)}), {}, [(Why.NO_ROOM, None)]),
        (practice(dens={21: Den(21, 1, 3, (ALL_DAY,))}), {}, [(Why.ROOM_TAKEN, None)]),
        (practice(rules=()), {}, [(Why.NOT_WORKING, ONE)]),
        (practice(((ALL_DAY, None),)), {}, [(Why.BUSY, ONE)]),
        # A clinician who is busy at another office is reported as busy only, not for travel as well.
        (practice(((ALL_DAY, 2),)), {}, [(Why.BUSY, ONE)]),
        (practice(((at(9, 3.5), 2), (at(13.5, 3.5), 2))), {}, [(Why.TRAVEL, ONE)]),
        (practice(booked={MONDAY: 200}, daily_limit=240), {}, [(Why.DAILY_LIMIT, ONE)]),
        (practice(booked={MONDAY: 200}, weekly_limit=240), {}, [(Why.WEEKLY_LIMIT, ONE)]),
    ],
)
def test_a_rule_that_alone_rules_out_the_date_is_the_only_obstacle_given(state, rules, expected):
    assert found_obstacles(state, make_criteria(**HERE, **rules)) == expected


def test_a_closed_day_gives_closed_and_no_other_obstacle():
    state = practice(((ALL_DAY, None),))
    shut = replace(state, offices=state.offices | {1: Office(1, CHICAGO, EVERY_DAY, (at(0, 24),))})

    assert found_obstacles(shut, make_criteria(**HERE)) == [(Why.CLOSED, None)]


def test_an_office_that_is_not_asked_for_gives_not_offered():
    assert found_obstacles(practice(), make_criteria(**HERE), office=2) == [(Why.NOT_OFFERED, None)]


def test_a_client_who_is_busy_all_day_is_named_as_the_obstacle():
    state = replace(practice(), clients={31: (ALL_DAY,)})
    snapshot = state.snapshot_of(window_of(make_criteria()))

    (found,) = obstacles(snapshot, make_criteria(client_ids=(31,), **HERE), 1)

    assert (found.why, found.other_id) == (Why.CLIENT_BUSY, 31)


def test_keeping_apart_names_the_client_and_not_the_person_to_avoid():
    state = replace(practice(), apart={31: ((ALL_DAY, 1),)})
    snapshot = state.snapshot_of(window_of(make_criteria()))

    (found,) = obstacles(snapshot, make_criteria(client_ids=(31,), **HERE), 1)

    assert (found.why, found.other_id) == (Why.KEPT_APART, 31)


def test_an_expired_license_is_an_obstacle_only_to_licensed_work():
    snapshot = practice().snapshot_of(window_of(make_criteria()))
    lapsed = replace(snapshot, clinicians={ONE: replace(snapshot.clinicians[ONE], licensed={})})

    assert [obstacle.why for obstacle in obstacles(lapsed, make_criteria(**HERE), 1)] == [Why.LICENSE]
    assert obstacles(lapsed, make_criteria(licensed=False, **HERE), 1) == []


def test_a_break_that_would_no_longer_fit_is_the_obstacle_where_time_is_free():
    snapshot = practice(((at(9, 3), None), (at(14, 3), None))).snapshot_of(window_of(make_criteria()))
    lunch = breaks_in(snapshot.window, CHICAGO, (BreakRule(11 * 60, 14 * 60, 90),))
    one = replace(snapshot.clinicians[ONE], breaks=lunch)

    assert [
        obstacle.why for obstacle in obstacles(replace(snapshot, clinicians={ONE: one}), make_criteria(**HERE), 1)
    ] == [Why.BREAK]


def test_a_break_that_fits_only_without_travel_is_given_instead_of_travel():
    lunch = BreakRule(11 * 60, 13 * 60, 90)
    state = practice(((at(9, 2), 2), (at(14, 3), None)), breaks=(lunch,))
    state = replace(state, offices={**state.offices, 1: Office(1, CHICAGO, (WeeklyRule(0, 13 * 60, 14 * 60),))})
    snapshot = state.snapshot_of(window_of(make_criteria()))

    assert [obstacle.why for obstacle in obstacles(snapshot, make_criteria(**HERE), 1)] == [Why.BREAK]


def test_a_travel_obstacle_names_the_other_office_f14():
    state = practice(((at(9, 3.5), 2), (at(13.5, 3.5), 2)))
    snapshot = state.snapshot_of(window_of(make_criteria()))

    (found,) = obstacles(snapshot, make_criteria(**HERE), 1)

    assert (found.why, found.other_id) == (Why.TRAVEL, 2)


def test_the_clinician_whose_start_breaks_the_fewest_rules_comes_first():
    state = practice(((ALL_DAY, None),), booked={MONDAY: 240}, daily_limit=240)
    other = replace(state.people[ONE], id=12, booked={}, daily_limit=None)
    state = replace(state, people=state.people | {12: other})

    assert found_obstacles(state, make_criteria(**HERE)) == [(Why.BUSY, 12), (Why.BUSY, ONE), (Why.DAILY_LIMIT, ONE)]


def test_a_phone_visit_from_home_needs_no_room():
    state = practice(dens={21: Den(21, 1, 3, (ALL_DAY,))}, rules=EVERY_DAY)
    at_home = replace(state.people[ONE], rules={None: EVERY_DAY})
    state = replace(state, people={ONE: at_home})

    assert found_obstacles(state, make_criteria(modes=frozenset({Mode.PHONE}), **HERE)) == []
