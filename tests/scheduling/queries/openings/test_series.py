"""A series: its dates, conflicts with alternatives, and an opening id that books the free dates."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scheduling.models import Clinician, Service
from scheduling.opening_id import UnknownOpening
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.clients import Person
from scheduling.queries.openings.opening import describe
from scheduling.queries.openings.party import party_of
from scheduling.queries.openings.series import BadSeries, series
from tests.factories import (
    NOW,
    a_client,
    a_clinician,
    a_couples_office,
    a_room,
    a_stranger,
    an_actor,
    in_days,
)
from tests.scheduling.queries.weekly import TUESDAY, WEEK, at, with_start, work_around_the_clock
from tests.scheduling.queries.world import CHICAGO, a_visit, a_world, between, clock, found

pytestmark = pytest.mark.django_db


def wall_time(starts):
    return [f"{one.astimezone(CHICAGO):%a %H:%M}" for one in starts]


def test_a_series_across_the_november_change_is_at_three_each_week_F25():
    world = a_world()
    now = datetime(2027, 10, 1, 15, tzinfo=UTC)
    first = at(world.service, date(2027, 10, 19), now=now)

    answer = series(opening=first, times=7, every_n_weeks=1, now=now)

    assert [one.date for one in answer.occurrences][::6] == [date(2027, 10, 19), date(2027, 11, 30)]
    assert set(wall_time(answer.opening.starts)) == {"Tue 15:00"}
    assert [start.hour for start in answer.opening.starts] == [20, 20, 20, 21, 21, 21, 21]


def test_each_date_in_conflict_has_the_nearest_starts_of_its_week_F10():
    world = a_world()
    third = TUESDAY + 2 * WEEK
    a_visit(world.person, world.service, world.office, between(14, 16, third))

    answer = series(opening=at(world.service), times=12, every_n_weeks=1, now=NOW)

    clashes = [one for one in answer.occurrences if one.clash]
    assert [(one.date, one.clash) for one in clashes] == [(third, "This time is not free.")]
    assert wall_time(clashes[0].alternatives) == ["Tue 16:00", "Tue 13:00", "Tue 12:00"]
    assert len(answer.opening.starts) == 11


def test_a_skipped_date_is_missing_and_a_moved_date_has_its_new_start():
    world = a_world()
    dates = [TUESDAY + n * WEEK for n in range(4)]
    moved = clock(dates[2] + timedelta(days=1), 9)

    answer = series(
        opening=at(world.service), times=4, every_n_weeks=1, now=NOW, skip=[dates[1]], move={dates[2]: moved}
    )

    assert [one.date for one in answer.occurrences] == [dates[0], dates[2], dates[3]]
    assert answer.opening.starts == (clock(dates[0], 15), moved, clock(dates[3], 15))
    booking = hold(opening=answer.opening.id, by=a_stranger(), now=NOW)
    assert booking.kind == "series"


def test_a_series_of_every_second_week_leaves_the_other_weeks_free():
    world = a_world()
    every_second = {"times": None, "every_n_weeks": 2, "now": NOW}
    one = series(opening=at(world.service), **every_second)
    hold(opening=one.opening.id, by=an_actor(), now=NOW)

    other = series(opening=at(world.service, TUESDAY + WEEK), **every_second)

    assert not any(occurrence.clash for occurrence in other.occurrences)
    both = sorted(start.astimezone(CHICAGO).date() for start in (*one.opening.starts, *other.opening.starts))
    assert both == [TUESDAY + n * WEEK for n in range(26)]
    hold(opening=other.opening.id, by=an_actor(), now=NOW)


@pytest.fixture
def night_owl():
    world = a_world()
    work_around_the_clock(world)
    return world


@pytest.mark.parametrize(
    ("first", "hour", "changed", "words"),
    [
        pytest.param(date(2027, 2, 28), 2.5, date(2027, 3, 14), "does not exist", id="F28"),
        pytest.param(date(2027, 10, 24), 1.5, date(2027, 11, 7), "happens twice", id="F29"),
    ],
)
def test_a_date_with_a_skipped_or_doubled_wall_time_is_a_conflict_F28_F29(night_owl, first, hour, changed, words):
    now = clock(first, 12) - in_days(14)
    opening = at(night_owl.service, first, hour, now=now)

    answer = series(opening=opening, times=4, every_n_weeks=1, now=now)

    (clash,) = [one for one in answer.occurrences if one.clash]
    assert (clash.date, clash.starts_at) == (changed, None)
    assert words in clash.clash
    assert all(abs(start - clock(changed, 3)) < timedelta(hours=4) for start in clash.alternatives)
    assert {f"{start.astimezone(CHICAGO):%H:%M}" for start in answer.opening.starts} == {f"{int(hour):02}:30"}
    moved = series(opening=opening, times=4, every_n_weeks=1, now=now, move={changed: clash.alternatives[0]})
    assert hold(opening=moved.opening.id, by=a_stranger(), now=now).kind == "series"


def test_a_clients_own_visit_is_a_conflict_for_that_client_only():
    world = a_world()
    a_room(world.office)
    client, other = a_client(), a_clinician(world.office, services=[world.service])
    mine = at(world.service)
    theirs = found(world.service, TUESDAY + WEEK, clinician=other)[6]
    booking = hold(opening=theirs.id, by=an_actor(), now=NOW, client_ids=(client.pk,))
    name_participants(booking_id=booking.pk, people=[Person(client_id=client.pk)], by=an_actor(), now=NOW)

    for_client = series(
        opening=mine, times=3, every_n_weeks=1, now=NOW, party=party_of([client.pk], world.service, now=NOW)
    )
    for_strangers = series(opening=mine, times=3, every_n_weeks=1, now=NOW)

    assert mine.clinicians == (world.person,)
    assert [bool(one.clash) for one in for_client.occurrences] == [False, True, False]
    assert not any(one.clash for one in for_strangers.occurrences)


def test_dates_moved_into_one_week_count_together_toward_its_limit():
    world = a_world()
    Clinician.objects.update(weekly_minutes_cap=100)
    dates = [TUESDAY + n * WEEK for n in range(3)]
    into_the_first = {dates[1]: clock(TUESDAY, 9), dates[2]: clock(TUESDAY + timedelta(days=1), 9)}

    asked = {"times": 3, "every_n_weeks": 1, "now": NOW, "waive_notice": True}
    answer = series(opening=at(world.service), move=into_the_first, **asked)

    assert [one.date for one in answer.occurrences if one.clash] == [dates[2]]
    all_three = with_start(answer.opening, into_the_first[dates[2]])
    with pytest.raises(Taken, match=r"^Wed, Feb 10, 9:00 AM: Someone else has just taken this time\.$"):
        hold(opening=all_three.id, by=an_actor(), now=NOW)


def test_two_dates_moved_to_one_time_are_both_in_conflict():
    world = a_world()
    there = clock(TUESDAY, 9)

    answer = series(
        opening=at(world.service),
        times=3,
        every_n_weeks=1,
        now=NOW,
        move={TUESDAY + WEEK: there, TUESDAY + 2 * WEEK: there},
        waive_notice=True,
    )

    assert [bool(one.clash) for one in answer.occurrences] == [False, True, True]


def test_a_series_must_begin_within_the_horizon_and_may_run_past_it():
    world = a_world()
    first = at(world.service)
    Service.objects.update(horizon_days=10)

    within = series(opening=describe(first.id), times=12, every_n_weeks=1, now=NOW)
    beyond = series(opening=describe(first.id), times=12, every_n_weeks=1, now=NOW - in_days(5))

    assert not any(one.clash for one in within.occurrences)
    assert hold(opening=within.opening.id, by=a_stranger(), now=NOW).kind == "series"
    assert beyond.occurrences[0].clash == "We do not take bookings that far ahead."


@pytest.mark.parametrize(
    ("criteria", "words"),
    [
        ({"times": 0}, "a year at most"),
        ({"times": 54}, "a year at most"),
        ({"times": 12, "every_n_weeks": 5}, "a year at most"),
        ({"every_n_weeks": 0}, "every week, or up to"),
        ({"every_n_weeks": 13}, "every week, or up to"),
        ({"skip": [TUESDAY + timedelta(days=1)]}, "Wed, Feb 10 is not one of the dates"),
        ({"move": {TUESDAY + 4 * WEEK: NOW}}, "Tue, Mar 9 is not one of the dates"),
        ({"move": {TUESDAY: datetime(2037, 1, 1, tzinfo=UTC)}}, "a year at most"),
        ({"skip": [TUESDAY + n * WEEK for n in range(4)]}, "No date is left"),
        ({"times": None, "move": {TUESDAY: clock(TUESDAY + WEEK, 9)}}, "within its week"),
    ],
)
def test_an_invalid_series_is_refused_in_words(criteria, words):
    world = a_world()

    with pytest.raises(BadSeries, match=words):
        series(opening=at(world.service), **{"times": 4, "every_n_weeks": 1, "now": NOW} | criteria)


@pytest.mark.parametrize("hours", [(9, 9), (9, 10)])
def test_a_standing_appointment_with_most_dates_moved_is_refused_F13(hours):
    world = a_world()
    days = [TUESDAY, TUESDAY + 12 * WEEK]
    moves = {day: clock(day, hour) for day, hour in zip(days, hours, strict=True)}
    criteria = {"opening": at(world.service), "times": None, "every_n_weeks": 12, "now": NOW}

    with pytest.raises(BadSeries, match="Most dates are moved"):
        series(move=moves, **criteria)

    one_moved = series(move={days[0]: moves[days[0]]}, **criteria)
    assert hold(opening=one_moved.opening.id, by=an_actor(), now=NOW).kind == "standing"


def test_a_series_of_a_program_is_refused():
    _, service = a_couples_office()

    with pytest.raises(UnknownOpening):
        series(opening=found(service)[0], times=2, every_n_weeks=1, now=NOW)


def test_a_series_takes_five_statements_for_any_number_of_dates(django_assert_num_queries):
    world = a_world()
    first = at(world.service)
    a_visit(world.person, world.service, world.office, between(14, 16, TUESDAY + WEEK))
    for times in (1, 26):
        with django_assert_num_queries(5):
            series(opening=first, times=times, every_n_weeks=1, now=NOW)


def test_two_dates_on_one_day_are_shown_and_booked_only_by_the_desk_F13():
    world = a_world()
    asked = {"opening": at(world.service), "times": 2, "every_n_weeks": 1, "now": NOW}
    asked["move"] = {TUESDAY + WEEK: clock(TUESDAY, 9)}

    with pytest.raises(BadSeries, match="on the same day"):
        series(**asked)
    assert hold(opening=series(**asked, waive_notice=True).opening.id, by=an_actor(), now=NOW).is_held
