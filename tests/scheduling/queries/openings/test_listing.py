"""The list of openings: which rows remove a start, and which do not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scheduling.models import BusyTime, Closure, License, Service, TimeOff, WorkingHours
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.opening import get_service
from scheduling.queries.openings.search import Search
from tests.factories import MONDAY, NOW, a_clinician, a_location, a_room, a_service, in_days, openings_of
from tests.scheduling.queries.world import ALL_DAY, World, a_visit, a_world, an_event, between, clock, starts

pytestmark = pytest.mark.django_db
TEN_TO_ELEVEN = between(10, 11)
WITHOUT_TEN = [start for start in ALL_DAY if start != "10:00"]
LIVE, DEAD = NOW + timedelta(minutes=1), NOW


@pytest.fixture
def world() -> World:
    return a_world()


TAKES = {
    "a closure of the room": lambda w: Closure.objects.create(room=w.room, during=TEN_TO_ELEVEN),
    "a closure of the office": lambda w: Closure.objects.create(location=w.office, during=TEN_TO_ELEVEN),
    "a closure of the practice": lambda w: Closure.objects.create(during=TEN_TO_ELEVEN),
    "time off": lambda w: TimeOff.objects.create(clinician=w.person, during=TEN_TO_ELEVEN),
    "busy time": lambda w: BusyTime.objects.create(clinician=w.person, during=TEN_TO_ELEVEN, source="own"),
    "an internal event of the person": lambda w: an_event(w.person.resource, TEN_TO_ELEVEN),
    "an internal event in the room": lambda w: an_event(w.room.resource, TEN_TO_ELEVEN),
    "a visit": lambda w: a_visit(w.person, w.service, w.office, TEN_TO_ELEVEN),
    "a live hold": lambda w: a_visit(w.person, w.service, w.office, TEN_TO_ELEVEN, held_until=LIVE),
    "five minutes of busy time": lambda w: BusyTime.objects.create(
        clinician=w.person, during=between(10.25, 10.25 + 1 / 12), source="own"
    ),
}
LEAVES = {
    "a hold at its deadline": lambda w: a_visit(w.person, w.service, w.office, TEN_TO_ELEVEN, held_until=DEAD),
    "a released visit": lambda w: a_visit(w.person, w.service, w.office, TEN_TO_ELEVEN, released_at=NOW),
    "a closure of another office": lambda w: Closure.objects.create(location=a_location(), during=TEN_TO_ELEVEN),
    "a closure of another room": lambda w: Closure.objects.create(room=a_room(w.office), during=TEN_TO_ELEVEN),
    "time off of somebody else": lambda w: TimeOff.objects.create(
        clinician=a_clinician(w.office, hours=None), during=TEN_TO_ELEVEN
    ),
    "a closure in another week": lambda w: Closure.objects.create(during=between(10, 11, MONDAY + in_days(7))),
}


@pytest.mark.parametrize("what", TAKES)
def test_anything_that_takes_an_hour_removes_only_the_start_in_it(world: World, what: str):
    TAKES[what](world)

    assert starts(world.service) == WITHOUT_TEN


@pytest.mark.parametrize("what", LEAVES)
def test_time_that_is_freed_or_elsewhere_removes_no_start(world: World, what: str):
    LEAVES[what](world)

    assert starts(world.service) == ALL_DAY


def test_a_closure_shorter_than_a_second_removes_only_its_start(world: World):
    moment = clock(MONDAY, 10.25)
    Closure.objects.create(during=(moment, moment + timedelta(microseconds=1)))

    assert starts(world.service) == WITHOUT_TEN


def test_hours_of_every_second_week_are_offered_in_that_week_only(world: World):
    world.person.working_hours.update(every_n_weeks=2, anchor_on=MONDAY)

    offered = [bool(starts(world.service, MONDAY + in_days(7 * week))) for week in range(4)]

    assert offered == [True, False, True, False]


def test_hours_hold_from_their_first_day_up_to_the_day_they_end(world: World):
    world.person.working_hours.update(valid_from=MONDAY + in_days(1), valid_until=MONDAY + in_days(3))

    offered = [bool(starts(world.service, MONDAY + in_days(day))) for day in range(5)]

    assert offered == [False, True, True, False, False]


def test_hours_limited_to_some_services_are_offered_for_those_only(world: World):
    other = a_service("other", locations=[world.office], step_minutes=60)
    world.person.services.add(other)
    for hours in world.person.working_hours.all():
        hours.services.set([other])

    assert (starts(world.service), starts(other)) == ([], ALL_DAY)


def test_a_license_counts_through_its_last_day(world: World):
    world.person.licenses.update(expires_on=MONDAY)

    assert (starts(world.service), starts(world.service, MONDAY + in_days(1))) == (ALL_DAY, [])


def test_the_longest_of_several_licenses_counts(world: World):
    world.person.licenses.update(expires_on=MONDAY - in_days(1))
    License.objects.create(clinician=world.person, kind="lmft", number="7", state="TX", expires_on=MONDAY)

    assert starts(world.service) == ALL_DAY


@pytest.mark.parametrize(
    ("profession", "needs_license", "offered"),
    [
        ("therapist", True, False),
        ("therapist", False, True),
        ("coach", True, True),
    ],
)
def test_without_a_license_only_coaches_and_services_that_need_none_are_offered(
    world, profession, needs_license, offered
):
    world.person.licenses.all().delete()
    type(world.person).objects.update(profession=profession)
    type(world.service).objects.update(needs_license=needs_license)

    assert bool(starts(world.service)) is offered


def test_an_associate_with_a_supervised_license_is_offered(world: World):
    supervisor = a_clinician(world.office, hours=None)
    world.person.licenses.update(kind="lpc_associate", supervisor=supervisor)
    type(world.person).objects.filter(pk=world.person.pk).update(level="associate")

    assert starts(world.service) == ALL_DAY


def test_a_clinician_who_left_and_an_office_that_closed_are_not_offered(world: World):
    type(world.person).objects.update(is_active=False)
    assert starts(world.service) == []

    type(world.person).objects.update(is_active=True)
    type(world.office).objects.update(is_active=False)
    assert starts(world.service) == []


def test_a_daily_limit_counts_what_is_booked_that_day(world: World):
    type(world.person).objects.update(daily_minutes_cap=100)
    a_visit(world.person, world.service, world.office, between(9, 10))

    tuesday = MONDAY + in_days(1)
    assert (starts(world.service), starts(world.service, tuesday)) == ([], ALL_DAY)


def test_a_weekly_limit_counts_the_whole_week_even_outside_the_dates_searched(world: World):
    type(world.person).objects.update(weekly_minutes_cap=100)
    a_visit(world.person, world.service, world.office, between(9, 10, MONDAY + in_days(4)))

    assert (starts(world.service), bool(starts(world.service, MONDAY + in_days(7)))) == ([], True)


def test_an_empty_window_names_the_next_date_with_an_opening(world: World):
    WorkingHours.objects.exclude(weekday=3).delete()
    result = openings(Search(service=world.service, first=MONDAY, until=MONDAY + in_days(1), now=NOW))

    assert (result.openings, result.next_on) == ([], date(2027, 2, 11))


def test_after_a_window_in_the_past_the_next_date_is_the_first_bookable_one(world: World):
    past = date(2020, 1, 1)
    soon = openings_of(service=world.service, first=NOW.date(), until=MONDAY + in_days(7), now=NOW)

    result = openings(Search(service=world.service, first=past, until=past + in_days(30), now=NOW))

    assert result.next_on == soon[0].starts_at.date()


def test_the_next_date_is_found_up_to_the_horizon_however_far(world: World):
    far = MONDAY + in_days(7 * 40)
    Service.objects.update(horizon_days=330)
    WorkingHours.objects.update(valid_from=far)
    License.objects.update(expires_on=far + in_days(30))
    result = openings(Search(service=get_service("single"), first=MONDAY, until=MONDAY + in_days(1), now=NOW))

    assert result.next_on == far
