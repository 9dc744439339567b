"""Flexible breaks: single cases, and masks compared with a slow check of every five minutes."""

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.availability.rules.breaks import BreakRule, breaking, breaks_in, keeps_breaks
from scheduling.availability.single.openings import openings
from scheduling.availability.snapshot import Mode
from scheduling.availability.timegrid.grid import CELL, Span, Window
from scheduling.availability.timegrid.walltime import day_start
from tests.scheduling.availability.practice import DAY, Office, Person, Practice
from tests.scheduling.availability.single.test_openings import (
    EVERY_DAY,
    HOUR,
    NINE,
    local_starts,
    make_criteria,
    practice,
    window_of,
)
from tests.scheduling.availability.states import lunches, spans
from tests.scheduling.availability.zones import CHICAGO, LORD_HOWE, ZONES, days

LUNCH = BreakRule(12 * 60, 14 * 60, 60)
NOON = NINE + 3 * HOUR


def around_noon(*visits, rule=LUNCH, **rules):
    """Local starts of a 60-minute visit from 11:30 AM to 2 PM, beside the `visits` already booked."""
    state = practice(visits=tuple((Span(*visit), 1) for visit in visits), breaks=(rule,))
    return [at for at in local_starts(state, make_criteria(**rules)) if "11:30" <= at <= "14:00"]


def test_a_visit_may_take_either_end_of_the_break_time_but_not_its_middle():
    assert around_noon() == ["11:30", "12:00", "13:00", "13:30", "14:00"]


def test_a_visit_at_one_end_of_the_break_time_keeps_the_rest_of_it_free():
    assert around_noon((NOON, NOON + HOUR)) == ["14:00"]
    assert around_noon((NOON + HOUR, NOON + 2 * HOUR)) == ["14:00"]


def test_buffers_count_against_the_break():
    assert around_noon(buffer_before=10) == ["11:30", "12:00", "13:30", "14:00"]
    assert around_noon(buffer_after=10) == ["11:30", "13:00", "13:30", "14:00"]


def test_where_a_break_no_longer_fits_nothing_is_added_in_its_time():
    middle = NOON + HOUR / 2
    assert around_noon((middle, middle + HOUR), length=30) == ["11:30", "14:00"]


def test_a_break_limited_to_other_weekdays_does_not_count():
    tuesdays = replace(LUNCH, weekdays=frozenset({1}))
    assert around_noon(rule=tuesdays, length=30)[1:5] == ["12:00", "12:30", "13:00", "13:30"]
    assert around_noon(rule=replace(LUNCH, weekdays=frozenset({0}))) == around_noon()


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [(CHICAGO, date(2027, 3, 14), 2), (CHICAGO, date(2027, 11, 7), 4), (LORD_HOWE, date(2027, 4, 4), 3.5)],
)
def test_on_a_clock_change_day_the_time_of_a_break_is_counted_in_elapsed_minutes(zone, day, hours):
    window = Window.of_dates(day, day + DAY, zone, pad=DAY)
    (sunday,) = breaks_in(window, zone, (BreakRule(60, 240, 60, frozenset({6})),))
    assert ((sunday.end - sunday.first) * CELL, sunday.cells * CELL) == (hours * HOUR, HOUR)


def test_a_break_whose_whole_time_is_skipped_by_the_clocks_does_not_exist():
    sunday = date(2027, 3, 14)
    window = Window.of_dates(sunday, sunday + DAY, CHICAGO, pad=DAY)
    skipped = BreakRule(120, 180, 60)
    assert len(breaks_in(window, CHICAGO, (skipped,))) == 2


@st.composite
def clinicians_with_breaks(draw):
    """A practice, a clinician with breaks and visits in up to three offices, spans to add, and a window around them."""
    zone, first = draw(st.sampled_from(ZONES)), draw(days())
    noon = day_start(first, zone)
    places = st.sampled_from([1, 2, 3, None])
    visits = tuple(draw(st.lists(st.tuples(spans(noon), places), max_size=4)))
    rules = tuple(draw(st.lists(lunches(), min_size=1, max_size=3)))
    one = Person(11, 1, {1: EVERY_DAY}, visits, breaks=rules)
    travel = {pair: draw(st.sampled_from([5, 20, 45, 90])) for pair in permutations((1, 2, 3), 2)}
    state = Practice({n: Office(n, zone, EVERY_DAY) for n in (1, 2, 3)}, {11: one}, {}, travel)
    return state, one, draw(st.lists(spans(noon), min_size=1, max_size=3)), window_around(first, zone)


def window_around(first: date, zone) -> Window:
    return Window.of_dates(first, first + 2 * DAY, zone, pad=4 * DAY)


@given(clinicians_with_breaks())
def test_keeps_breaks_agrees_with_a_check_of_every_five_minutes(problem):
    state, one, extra, window = problem
    snapshot = state.snapshot_of(window)
    kept = keeps_breaks(snapshot.clinicians[11], snapshot.travel, 1, window.outward(extra))
    assert kept == state.keeps_breaks(one, 1, extra)


@given(clinicians_with_breaks(), st.integers(1, 30))
def test_breaking_names_exactly_the_starts_from_which_a_break_is_not_kept(problem, length):
    state, _, _, window = problem
    snapshot = state.snapshot_of(window)
    clinician, travel = snapshot.clinicians[11], snapshot.travel
    broken = breaking(clinician, travel, 1, length)
    visit = (1 << length) - 1
    # `breaking` answers only for cells that are still free.
    tried = [cell for cell in range(0, window.cells - length, 3) if not clinician.busy & visit << cell]
    assert [cell for cell in tried if broken >> cell & 1] == [
        cell for cell in tried if not keeps_breaks(clinician, travel, 1, visit << cell)
    ]


def test_two_visits_together_may_break_a_break_that_each_alone_keeps():
    state = practice(breaks=(LUNCH,))
    criteria = make_criteria()
    window = window_of(criteria)
    snapshot = state.snapshot_of(window)
    early, late = (window.outward([Span(at, at + HOUR)]) for at in (NOON, NOON + HOUR))
    kept = partial(keeps_breaks, snapshot.clinicians[11], snapshot.travel, 1)
    assert [kept(extra) for extra in (early, late, early | late)] == [True, True, False]


def test_a_break_is_kept_for_work_from_home_too():
    state = practice(rules=EVERY_DAY, breaks=(LUNCH,))
    home = replace(state.people[11], rules={None: EVERY_DAY})
    criteria = make_criteria(modes=frozenset({Mode.ONLINE}))
    found = openings(replace(state, people={11: home}).snapshot_of(window_of(criteria)), criteria)
    assert NOON + HOUR / 2 not in [one.start for one in found]
    assert {NOON, NOON + HOUR} <= {one.start for one in found}


def beside_the_other_office(start: datetime, **rules) -> list[str]:
    """Local starts at office 1 around a one-hour break between noon and 2 PM, with an hour at office 2 from `start`.

    Travel takes 30 minutes there and 45 minutes back.
    """
    state = practice(visits=((Span(start, start + HOUR), 2),), breaks=(LUNCH,))
    return [at for at in local_starts(state, make_criteria(**rules)) if "10:30" <= at <= "15:00"]


def test_travel_time_does_not_count_as_a_break():
    assert beside_the_other_office(NOON - HOUR) == ["14:00", "14:30", "15:00"]
    assert beside_the_other_office(NOON - HOUR / 2) == ["14:30", "15:00"]


def test_a_visit_after_the_break_time_leaves_room_for_break_and_travel_before_it():
    assert beside_the_other_office(NOON) == ["10:30", "15:00"]


def test_a_visit_before_travel_to_another_office_leaves_room_for_break_and_travel():
    assert beside_the_other_office(NOON + 2 * HOUR, length=30) == ["10:30", "11:00", "11:30", "12:00", "13:00"]


def test_a_clinician_at_home_needs_no_travel_between_break_and_visit():
    state = practice(visits=((Span(NOON - HOUR, NOON), 2),), breaks=(LUNCH,))
    home = replace(state.people[11], rules={None: EVERY_DAY})
    criteria = make_criteria(modes=frozenset({Mode.ONLINE}))
    found = local_starts(replace(state, people={11: home}), criteria)
    assert [at for at in found if "12:00" <= at <= "14:00"] == ["12:00", "13:00", "13:30", "14:00"]
