"""Openings compared with a slow check of every rule, and decisions compared with the list."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given

from scheduling.availability.refusals import Reason, Refusal
from scheduling.availability.single.candidates import starts
from scheduling.availability.single.criteria import Criteria, notice
from scheduling.availability.single.openings import Opening, decide, openings
from scheduling.availability.snapshot import Mode
from scheduling.availability.timegrid.grid import Span, Window
from scheduling.availability.timegrid.weekly_hours import WeeklyRule
from tests.scheduling.availability.practice import DAY, Den, Office, Person, Practice
from tests.scheduling.availability.states import problems
from tests.scheduling.availability.zones import CHICAGO

EVERY_DAY = tuple(WeeklyRule(n, 9 * 60, 17 * 60) for n in range(7))
MONDAY = date(2027, 7, 5)
NINE = datetime(2027, 7, 5, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)


def window_of(criteria):
    return Window.of_dates(criteria.first, criteria.until, CHICAGO, pad=2 * DAY)


def practice(visits=(), rules=EVERY_DAY, dens=None, **person):
    offices = {n: Office(n, CHICAGO, EVERY_DAY) for n in (1, 2)}
    people = {11: Person(11, 1, {1: rules}, visits, **person)}
    dens = dens or {n: Den(n, n - 20, 3) for n in (21, 22)}
    return Practice(offices, people, dens, {(1, 2): 30, (2, 1): 45})


def make_criteria(first=MONDAY, days=1, **rules):
    defaults = {"length": 60, "step": 30, "earliest": NINE - 180 * DAY, "latest": NINE + 300 * DAY}
    return Criteria(service_id=1, first=first, until=first + days * DAY, **defaults | rules)


def listed(state, criteria):
    return openings(state.snapshot_of(window_of(criteria)), criteria)


def only(person, criteria):
    return frozenset({person}) & (frozenset({person}) if criteria.clinician_ids is None else criteria.clinician_ids)


def local_starts(state, criteria):
    return [f"{one.start.astimezone(CHICAGO):%H:%M}" for one in listed(state, criteria)]


@given(problems())
def test_the_openings_are_exactly_the_starts_that_pass_every_rule_f13(problem):
    state, criteria = problem
    window = window_of(criteria)
    expected = {}
    for cell in range(window.cells):
        for location_id in state.offices:
            for mode in criteria.modes:
                takers = state.takers(criteria, window.instant(cell), location_id, mode)
                if takers:
                    expected[window.instant(cell), location_id, mode] = set(takers)
    snapshot, found = state.snapshot_of(window), {}
    for person in state.people:
        for one in openings(snapshot, replace(criteria, clinician_ids=only(person, criteria))):
            found.setdefault((one.start, one.location_id, one.mode), set()).add(one.clinician_id)
    assert found == expected
    assert [(one.start, one.location_id, one.mode) for one in openings(snapshot, criteria)] == sorted(expected)


@given(problems())
def test_every_listed_opening_is_decided_exactly_as_listed_f13(problem):
    state, criteria = problem
    snapshot = state.snapshot_of(window_of(criteria))
    for one in openings(snapshot, criteria):
        again = decide(snapshot, criteria, one.start, one.location_id, one.mode, one.clinician_id)
        assert again == one


@given(problems())
def test_a_start_is_decided_to_be_open_only_if_it_is_listed_f13(problem):
    state, criteria = problem
    snapshot = state.snapshot_of(window_of(criteria))
    found = {(one.start, one.location_id, one.mode) for one in openings(snapshot, criteria)}
    for cell in range(0, snapshot.window.cells, 3):
        for mode in Mode:
            at = snapshot.window.instant(cell)
            answer = decide(snapshot, criteria, at, 1, mode)
            assert isinstance(answer, Opening) == ((at, 1, mode) in found)


@given(problems())
def test_the_chosen_room_is_large_enough_and_free_for_visit_and_buffers(problem):
    state, criteria = problem
    for one in listed(state, criteria):
        people = criteria.people if one.mode is Mode.OFFICE else 1
        assert (one.room_id is None) == (one.seat_id is None)
        if one.room_id is not None:
            den = state.dens[one.room_id]
            assert den.office == one.seat_id
            assert state.has_room(den, people, Span(one.reserved_from, one.reserved_until))


@given(problems())
def test_the_starts_by_location_and_mode_are_those_of_the_listed_openings(problem):
    state, criteria = problem
    snapshot = state.snapshot_of(window_of(criteria))
    united = {}
    for one in openings(snapshot, criteria):
        key = one.location_id, one.mode
        united[key] = united.get(key, 0) | 1 << snapshot.window.cell(one.start)
    assert starts(snapshot, criteria) == united


def test_a_visit_may_begin_at_the_moment_another_ends_f5():
    state = practice(visits=((Span(NINE, NINE + HOUR), 1),))
    assert local_starts(state, make_criteria())[0] == "10:00"


def test_buffers_of_two_bookings_add_up():
    state = practice(visits=((Span(NINE, NINE + HOUR + timedelta(minutes=10)), 1),))
    assert local_starts(state, make_criteria(buffer_before=10, step=10))[0] == "10:20"


def test_buffers_may_lie_outside_the_working_hours():
    assert local_starts(practice(), make_criteria(buffer_before=15, buffer_after=15))[::14] == ["09:00", "16:00"]


def test_travel_time_from_another_office_is_kept_free_f14():
    state = practice(visits=((Span(NINE, NINE + HOUR), 2),))
    assert local_starts(state, make_criteria(step=15))[0] == "10:45"


def test_travel_time_to_another_office_is_kept_free_f14():
    state = practice(visits=((Span(NINE + 4 * HOUR, NINE + 5 * HOUR), 2),))
    assert [at for at in local_starts(state, make_criteria(step=15)) if at < "13:00"][-1] == "11:30"


def test_an_online_visit_from_home_needs_neither_room_nor_travel():
    state = practice(visits=((Span(NINE, NINE + HOUR), 2),))
    state = replace(state, people={11: replace(state.people[11], rules={None: EVERY_DAY})}, dens={22: Den(22, 2, 3)})
    first = listed(state, make_criteria(modes=frozenset({Mode.ONLINE})))[0]
    assert (first.start, first.location_id, first.seat_id, first.room_id) == (NINE + HOUR, 1, None, None)


def test_an_online_visit_from_an_office_takes_a_room_there():
    state = practice(dens={21: Den(21, 1, 1)})
    first = listed(state, make_criteria(modes=frozenset({Mode.ONLINE})))[0]
    assert (first.seat_id, first.room_id) == (1, 21)


def test_sunday_hours_are_offered_at_the_same_local_time_after_both_changes_f26():
    afternoon = tuple(WeeklyRule(n, 15 * 60, 16 * 60 + 30) for n in range(7))
    state = practice(rules=afternoon)
    for sunday in (date(2027, 3, 14), date(2027, 11, 7)):
        assert local_starts(state, make_criteria(sunday)) == ["15:00", "15:30"]


def test_sixty_days_across_a_clock_change_are_offered_within_the_hours_f27():
    found = local_starts(practice(), make_criteria(date(2027, 10, 10), days=60))
    assert sorted(set(found))[::14] == ["09:00", "16:00"]
    assert len(found) == 60 * 15


def test_a_visit_may_end_at_midnight_f36():
    late = tuple(WeeklyRule(n, 20 * 60, 1440) for n in range(7))
    state = practice(rules=late)
    state = replace(state, offices={1: Office(1, CHICAGO, late)})
    assert local_starts(state, make_criteria())[-1] == "23:00"


def test_notice_that_ends_on_a_clock_change_day_leaves_the_hours_unchanged_f37():
    made = datetime(2027, 10, 31, 14, tzinfo=UTC)
    earliest, latest = notice(made, timedelta(days=7), timedelta(days=30))
    found = local_starts(practice(), make_criteria(date(2027, 11, 7), earliest=earliest, latest=latest))
    assert (found[0], found[-1], len(found)) == ("09:00", "16:00", 15)


def test_the_clinician_least_booked_that_week_is_chosen_then_the_lowest_id():
    state = practice(booked={date(2027, 7, 11): 60})
    state.people.update({n: Person(n, 1, {1: EVERY_DAY}) for n in (13, 12)})
    excluded = [frozenset(), frozenset({12}), frozenset({12, 13})]
    assert [listed(state, make_criteria(excluded_ids=ids))[0].clinician_id for ids in excluded] == [12, 13, 11]


def test_the_room_is_the_usual_one_then_the_last_then_the_smallest_that_fits():
    dens = {21: Den(21, 1, 4), 22: Den(22, 1, 2), 23: Den(23, 1, 3), 24: Den(24, 1, 1)}
    chosen = [
        listed(practice(dens=dens, usual_room_ids=usual), make_criteria(last_room_id=last))[0].room_id
        for usual, last in (((21,), 23), ((), 23), ((), None))
    ]
    assert chosen == [21, 23, 22]


def refused(start, location_id=1, mode=Mode.OFFICE, **rules):
    criteria = make_criteria(**rules)
    visits = ((Span(NINE, NINE + HOUR), 1),)
    answer = decide(practice(visits=visits).snapshot_of(window_of(criteria)), criteria, start, location_id, mode)
    return answer.reason if isinstance(answer, Refusal) else None


def test_a_start_that_is_not_listed_is_refused_with_the_rule_it_breaks_f12():
    ten, second = NINE + HOUR, timedelta(seconds=1)
    assert [
        refused(ten),
        refused(NINE),
        refused(ten, buffer_before=10),
        refused(ten + second),
        refused(ten + timedelta(minutes=10)),
        refused(ten, earliest=ten + second),
        refused(ten, latest=ten),
        refused(ten + 8 * HOUR),
        refused(ten + DAY),
        refused(ten, mode=Mode.PHONE),
        refused(ten, location_id=9),
    ] == [
        None,
        Reason.TAKEN,
        Reason.TAKEN,
        Reason.OFF_STEP,
        Reason.OFF_STEP,
        Reason.TOO_SOON,
        Reason.TOO_FAR,
        Reason.OUTSIDE_HOURS,
        Reason.OUTSIDE_DATES,
        Reason.NOT_OFFERED,
        Reason.NOT_OFFERED,
    ]
