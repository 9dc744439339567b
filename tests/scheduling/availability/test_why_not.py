"""Why a single appointment cannot be had on a date: said exactly when it cannot, and true, rule by rule."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from scheduling.availability.explain.obstacles import RULES, Why, in_force
from scheduling.availability.explain.single import Nearby, obstacles
from scheduling.availability.rules.breaks import BreakRule, breaks_in
from scheduling.availability.single.openings import Opening, decide, openings
from scheduling.availability.snapshot import Mode
from scheduling.availability.timegrid.grid import Span
from scheduling.availability.timegrid.weekly_hours import WeeklyRule

from .practice import DAY, Den, Office
from .states import problems
from .test_openings import EVERY_DAY, HOUR, MONDAY, NINE, make_criteria, practice, window_of
from .zones import CHICAGO

ONE = 11


def on_each_date(problem):
    """The scene's picture, and its wish for each date and office."""
    state, criteria = problem
    snapshot = state.snapshot_of(window_of(criteria))
    for office in state.offices:
        for n in range((criteria.until - criteria.first).days):
            day = criteria.first + n * DAY
            yield snapshot, replace(criteria, first=day, until=day + DAY, location_ids=frozenset({office})), office


@settings(max_examples=150, deadline=None)
@given(problems())
def test_something_is_in_the_way_exactly_where_no_opening_is_listed_f13(problem):
    for snapshot, criteria, office in on_each_date(problem):
        assert bool(obstacles(snapshot, criteria, office)) == (not openings(snapshot, criteria))


def without(snapshot, criteria, rules):
    """The same with `rules` out of force, and with them what only counts where somebody is not busy."""
    gone = {*rules} | ({Why.TRAVEL, Why.BREAK} if Why.BUSY in rules else set())
    window = snapshot.window
    asked = replace(
        criteria,
        earliest=window.start if Why.NOTICE in gone else criteria.earliest,
        latest=window.end if Why.HORIZON in gone else criteria.latest,
        licensed=criteria.licensed and Why.LICENSE not in gone,
    )
    return in_force(snapshot, RULES - gone, criteria.features), asked


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_nearest_start_opens_when_all_that_it_breaks_is_gone_and_not_before(problem):
    for snapshot, criteria, office in on_each_date(problem):
        for way in Nearby(snapshot, criteria, office).ways():
            at = snapshot.window.instant(way.cell), office, way.mode, way.clinician_id
            eased, asked = without(snapshot, criteria, way.broken)
            assert isinstance(decide(eased, asked, *at), Opening)
            for rule in way.broken:
                rest = [other for other in way.broken if other is not rule]
                assert seats(snapshot, criteria, rest, at, way.seat_id) == []


def seats(snapshot, criteria, gone, at, seat_id):
    # Somebody may also sit at home: only the seat in question counts.
    found = decide(*without(snapshot, criteria, gone), *at)
    return [found] if isinstance(found, Opening) and found.seat_id == seat_id else []


def told(state, criteria, office=1):
    return [(one.why, one.clinician_id) for one in obstacles(state.snapshot_of(window_of(criteria)), criteria, office)]


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
        # Not a word of the road as well: whoever is busy elsewhere is busy.
        (practice(((ALL_DAY, 2),)), {}, [(Why.BUSY, ONE)]),
        (practice(((at(9, 3.5), 2), (at(13.5, 3.5), 2))), {}, [(Why.TRAVEL, ONE)]),
        (practice(booked={MONDAY: 200}, daily_limit=240), {}, [(Why.DAILY_LIMIT, ONE)]),
        (practice(booked={MONDAY: 200}, weekly_limit=240), {}, [(Why.WEEKLY_LIMIT, ONE)]),
    ],
)
def test_each_rule_is_named_when_it_is_what_shuts_the_date(state, rules, expected):
    assert told(state, make_criteria(**HERE, **rules)) == expected


def test_a_closed_day_is_told_as_closed_and_nothing_else_is():
    state = practice(((ALL_DAY, None),))
    shut = replace(state, offices=state.offices | {1: Office(1, CHICAGO, EVERY_DAY, (at(0, 24),))})

    assert told(shut, make_criteria(**HERE)) == [(Why.CLOSED, None)]


def test_an_office_that_is_not_asked_for_is_not_offered():
    assert told(practice(), make_criteria(**HERE), office=2) == [(Why.NOT_OFFERED, None)]


def test_a_client_elsewhere_all_day_is_named():
    state = replace(practice(), clients={31: (ALL_DAY,)})
    snapshot = state.snapshot_of(window_of(make_criteria()))

    (found,) = obstacles(snapshot, make_criteria(client_ids=(31,), **HERE), 1)

    assert (found.why, found.other_id) == (Why.CLIENT_BUSY, 31)


def test_a_client_who_would_meet_somebody_they_are_kept_apart_from_is_told_of_no_name():
    state = replace(practice(), apart={31: ((ALL_DAY, 1),)})
    snapshot = state.snapshot_of(window_of(make_criteria()))

    (found,) = obstacles(snapshot, make_criteria(client_ids=(31,), **HERE), 1)

    assert (found.why, found.other_id) == (Why.KEPT_APART, 31)


def test_an_expired_license_is_told_and_work_that_needs_none_is_open():
    snapshot = practice().snapshot_of(window_of(make_criteria()))
    lapsed = replace(snapshot, clinicians={ONE: replace(snapshot.clinicians[ONE], licensed={})})

    assert [one.why for one in obstacles(lapsed, make_criteria(**HERE), 1)] == [Why.LICENSE]
    assert obstacles(lapsed, make_criteria(licensed=False, **HERE), 1) == []


def test_a_break_that_would_fall_out_is_told_where_time_is_free():
    snapshot = practice(((at(9, 3), None), (at(14, 3), None))).snapshot_of(window_of(make_criteria()))
    lunch = breaks_in(snapshot.window, CHICAGO, (BreakRule(11 * 60, 14 * 60, 90),))
    one = replace(snapshot.clinicians[ONE], breaks=lunch)

    assert [told.why for told in obstacles(replace(snapshot, clinicians={ONE: one}), make_criteria(**HERE), 1)] == [
        Why.BREAK
    ]


def test_a_break_that_only_the_way_leaves_no_room_for_is_told_and_no_way():
    lunch = BreakRule(11 * 60, 13 * 60, 90)
    state = practice(((at(9, 2), 2), (at(14, 3), None)), breaks=(lunch,))
    state = replace(state, offices={**state.offices, 1: Office(1, CHICAGO, (WeeklyRule(0, 13 * 60, 14 * 60),))})
    snapshot = state.snapshot_of(window_of(make_criteria()))

    assert [told.why for told in obstacles(snapshot, make_criteria(**HERE), 1)] == [Why.BREAK]


def test_the_other_office_is_named_from_which_somebody_could_not_be_here_in_time_f14():
    state = practice(((at(9, 3.5), 2), (at(13.5, 3.5), 2)))
    snapshot = state.snapshot_of(window_of(make_criteria()))

    (found,) = obstacles(snapshot, make_criteria(**HERE), 1)

    assert (found.why, found.other_id) == (Why.TRAVEL, 2)


def test_who_lacks_the_least_is_told_first():
    state = practice(((ALL_DAY, None),), booked={MONDAY: 240}, daily_limit=240)
    other = replace(state.people[ONE], id=12, booked={}, daily_limit=None)
    state = replace(state, people=state.people | {12: other})

    assert told(state, make_criteria(**HERE)) == [(Why.BUSY, 12), (Why.BUSY, ONE), (Why.DAILY_LIMIT, ONE)]


def test_by_phone_nobody_needs_a_room_at_home():
    state = practice(dens={21: Den(21, 1, 3, (ALL_DAY,))}, rules=EVERY_DAY)
    at_home = replace(state.people[ONE], rules={None: EVERY_DAY})
    state = replace(state, people={ONE: at_home})

    assert told(state, make_criteria(modes=frozenset({Mode.PHONE}), **HERE)) == []
