"""What takes time away from the list of openings, and what does not, row by row."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scheduling.models import BusyTime, Closure, License, TimeOff, WorkingHours
from scheduling.queries.openings import openings
from tests.factories import MONDAY, NOW, a_clinician, a_location, a_room, a_service, in_days, travel, working_hours
from tests.scheduling.queries.world import ALL_DAY, World, a_visit, a_world, an_event, between, clock, found, starts

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
def test_what_takes_an_hour_takes_the_start_in_it_and_no_other(world: World, what: str):
    TAKES[what](world)

    assert starts(world.service) == WITHOUT_TEN


@pytest.mark.parametrize("what", LEAVES)
def test_what_is_over_or_elsewhere_takes_nothing(world: World, what: str):
    LEAVES[what](world)

    assert starts(world.service) == ALL_DAY


def test_a_closure_shorter_than_a_second_takes_its_start_and_breaks_nothing(world: World):
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
def test_without_a_license_only_a_coach_or_what_needs_none_is_offered(world, profession, needs_license, offered):
    world.person.licenses.all().delete()
    type(world.person).objects.update(profession=profession)
    type(world.service).objects.update(needs_license=needs_license)

    assert bool(starts(world.service)) is offered


def test_an_associate_with_a_supervised_license_is_offered(world: World):
    supervisor = a_clinician(world.office, hours=None)
    world.person.licenses.update(kind="lpc_associate", supervisor=supervisor)
    type(world.person).objects.filter(pk=world.person.pk).update(level="associate")

    assert starts(world.service) == ALL_DAY


def test_who_left_and_an_office_that_closed_for_good_are_not_offered(world: World):
    type(world.person).objects.update(is_active=False)
    assert starts(world.service) == []

    type(world.person).objects.update(is_active=True)
    type(world.office).objects.update(is_active=False)
    assert starts(world.service) == []


def two_offices(world: World):
    """The person works all day in both; an hour at noon is taken in the first."""
    there = a_location("frisco")
    a_room(there)
    world.service.locations.add(there)
    type(world.service).objects.update(step_minutes=30)
    working_hours(world.person, there)
    a_visit(world.person, world.service, world.office, between(12, 13))
    return there


def around_noon(world: World, office) -> tuple[str, str]:
    """The last start before the visit at noon and the first after it."""
    at = found(world.service, location=office)
    before = [one for one in at if one.ends_at <= clock(MONDAY, 12)]
    after = [one for one in at if one.starts_at >= clock(MONDAY, 13)]
    return _clock(before[-1]), _clock(after[0])


def _clock(opening) -> str:
    local = opening.starts_at.astimezone(opening.location.tzinfo)
    return f"{local:%H:%M}"


def test_the_way_to_and_from_another_office_takes_its_minutes_in_each_direction_F14(world: World):
    there = two_offices(world)
    travel(there, world.office, 60)
    travel(world.office, there, 30)

    assert around_noon(world, there) == ("10:00", "13:30")
    assert around_noon(world, world.office) == ("11:00", "13:00")


def test_a_way_that_nobody_entered_takes_an_hour_F14(world: World):
    there = two_offices(world)

    assert around_noon(world, there) == ("10:00", "14:00")


def test_a_meeting_in_another_office_counts_for_the_way_too_F14(world: World):
    there = two_offices(world)
    travel(there, world.office, 5)
    travel(world.office, there, 5)
    an_event(world.person.resource, between(14, 15), world.office)

    offered = starts(world.service, location=there)

    assert [one for one in offered if one in ("13:00", "13:30", "15:00", "15:30")] == ["15:30"]


def test_work_from_home_beside_a_visit_needs_no_way_but_not_at_the_same_time(world: World):
    type(world.service).objects.update(modes=["online"], step_minutes=30)
    world.person.working_hours.update(location=None)
    a_visit(world.person, world.service, world.office, between(12, 13))

    offered = starts(world.service)

    assert ("11:00" in offered, "11:30" in offered, "12:30" in offered, "13:00" in offered) == (
        True,
        False,
        False,
        True,
    )


def test_online_work_from_home_needs_neither_room_nor_open_office(world: World):
    type(world.service).objects.update(modes=["online"])
    world.person.working_hours.update(location=None)
    type(world.room).objects.update(is_active=False)
    Closure.objects.create(location=world.office, during=between(0, 23))

    assert starts(world.service, mode="online") == ALL_DAY


def test_online_work_from_an_office_takes_a_room_there(world: World):
    type(world.service).objects.update(modes=["online"])
    Closure.objects.create(room=world.room, during=TEN_TO_ELEVEN)

    assert starts(world.service, mode="online") == WITHOUT_TEN


def test_a_visit_in_the_office_is_not_offered_by_somebody_at_home(world: World):
    world.person.working_hours.update(location=None)

    assert starts(world.service) == []


def test_a_daily_limit_counts_what_is_booked_that_day(world: World):
    type(world.person).objects.update(daily_minutes_cap=100)
    a_visit(world.person, world.service, world.office, between(9, 10))

    tuesday = MONDAY + in_days(1)
    assert (starts(world.service), starts(world.service, tuesday)) == ([], ALL_DAY)


def test_a_weekly_limit_counts_the_whole_week_also_outside_the_days_asked_for(world: World):
    type(world.person).objects.update(weekly_minutes_cap=100)
    a_visit(world.person, world.service, world.office, between(9, 10, MONDAY + in_days(4)))

    assert (starts(world.service), bool(starts(world.service, MONDAY + in_days(7)))) == ([], True)


def test_an_empty_window_names_the_next_date_with_an_opening(world: World):
    WorkingHours.objects.exclude(weekday=3).delete()
    result = openings(service=world.service, first=MONDAY, until=MONDAY + in_days(1), now=NOW)

    assert (result.openings, result.next_on) == ([], date(2027, 2, 11))


def test_a_day_is_counted_alike_whether_one_office_or_all_are_asked_for_F13(world: World):
    there = a_location("frisco")
    a_room(there)
    world.service.locations.add(there)
    working_hours(world.person, there)
    type(world.person).objects.update(daily_minutes_cap=100, zone="America/New_York")
    a_visit(world.person, world.service, world.office, between(23, 23.99))

    tuesday = MONDAY + in_days(1)
    for day in (MONDAY, tuesday):
        of_all = [one.starts_at for one in found(world.service, day) if one.location == there]
        assert [one.starts_at for one in found(world.service, day, location=there)] == of_all
