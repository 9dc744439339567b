"""Work until midnight and past it is offered, held, and shown on the right day (F36)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client as Browser

from scheduling.models import Appointment, Clinician, LocationHours, Service, WorkingHours
from scheduling.opening_id import OpeningId
from scheduling.operations.bookings.hold import hold, hold_for
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.clients import Person
from tests.factories import MONDAY, a_client, a_desk_actor, a_practice, a_stranger, a_user, an_actor, in_days
from tests.front.api.conftest import API, staff_client
from tests.scheduling.messages.people import confirm
from tests.scheduling.queries.world import CHICAGO, World, a_world, clock, found
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
SPRING, FALL = date(2027, 3, 14), date(2027, 11, 7)
SATURDAY_BEFORE = FALL - in_days(1)
NIGHTS = pytest.mark.parametrize(
    "on", [MONDAY, SPRING - in_days(1), SPRING, SATURDAY_BEFORE, FALL], ids=lambda on: on.isoformat()
)


@pytest.fixture
def world() -> World:
    """An hour's visit on every half hour in an office that never closes."""
    a_practice()
    made = a_world()
    LocationHours.objects.update(starts_minute=0, ends_minute=1440)
    Service.objects.update(duration_minutes=60, buffer_after=0, step_minutes=30)
    return made


def working_until(world: World, minute: int) -> None:
    """Work every day from 8:00 PM to `minute`: 1440 is midnight, more is in the next day."""
    WorkingHours.objects.all().delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(
            clinician=world.person, location=world.office, weekday=weekday, starts_minute=1200, ends_minute=minute
        )
        for weekday in range(7)
    )


def long_before(on: date):
    return clock(on - in_days(10), 12)


def listed(world: World, on: date):
    return found(world.service, on, now=long_before(on))


def local(opening) -> str:
    return f"{opening.starts_at.astimezone(CHICAGO):%a %H:%M}"


def book(opening, on: date) -> Appointment:
    booking = hold_for(opening=opening.id, people=[Person(client_id=a_client().pk)], by=an_actor(), now=long_before(on))
    confirm(booking, now=long_before(on), notify=False)
    return Appointment.objects.get(attendances__participant__booking=booking)


@NIGHTS
def test_with_hours_until_midnight_the_last_start_ends_at_midnight_and_can_be_held_F36(world, on):
    working_until(world, 1440)

    *_, last = listed(world, on)

    assert (last.starts_at, last.ends_at) == (clock(on, 23), clock(on + in_days(1), 0))
    assert hold(opening=last.id, by=a_stranger(), now=long_before(on)).status == "held"


@NIGHTS
def test_a_start_that_would_end_after_the_hours_is_refused_F36(world, on):
    working_until(world, 1440)
    *_, last = listed(world, on)
    late = replace(OpeningId.decode(last.id), starts_at=last.starts_at + timedelta(minutes=30))

    with pytest.raises(Taken):
        hold(opening=late.encode(), by=a_stranger(), now=long_before(on))


@pytest.mark.parametrize(("starts", "ends"), [(0, 0), (1200, 1200), (1440, 1440), (1200, 0)])
def test_empty_or_reversed_hours_are_not_stored_F36(world, starts, ends):
    """All day is 0 to 1440. 0 to 0 is refused, because it could mean no hours."""
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingHours.objects.update(starts_minute=starts, ends_minute=ends)


def test_an_office_open_all_day_has_every_start_of_the_day_F36(world):
    WorkingHours.objects.update(starts_minute=0, ends_minute=1440)

    assert [local(one) for one in listed(world, MONDAY)] == [
        f"Mon {half // 2:02}:{half % 2 * 30:02}" for half in range(47)
    ] + ["Mon 23:30"]


# --- what is stored is seen ---------------------------------------------------------------------------------


def seen_by_the_desk(world: World, on: date) -> list[int]:
    """Appointments on the desk's day list."""
    with time_machine.travel(long_before(on), tick=False):
        browser = sign_in(Browser(), a_desk_actor(world.office).user)
        page = browser.get(f"/desk/{world.office.slug}/{on}/")
    return [line.row.appointment.pk for line in page.context["lines"]]


def seen_by_the_clinician(world: World, on: date) -> list[int]:
    """Appointments on a date in the clinician's week."""
    user = a_user("clinician")
    Clinician.objects.filter(pk=world.person.pk).update(user=user)
    with time_machine.travel(long_before(on), tick=False):
        page = sign_in(Browser(), user).get(f"/schedule/week/{on}/")
    return [row.appointment.pk for day in page.context["days"] if day.date == on for row in day.rows]


def seen_by_programs(on: date) -> list[int]:
    """Appointments that the API lists for one local date."""
    dates = {"from": on.isoformat(), "to": (on + in_days(1)).isoformat()}
    return [one["id"] for one in staff_client(a_user("owner")).get(f"{API}appointments/", dates).json()["results"]]


@NIGHTS
def test_a_visit_that_ends_at_midnight_is_shown_on_its_day_and_not_on_the_next_F36(world, on):
    working_until(world, 1560)
    visit = book(next(one for one in listed(world, on) if one.starts_at == clock(on, 23)), on)
    next_day = on + in_days(1)

    assert (seen_by_the_desk(world, on), seen_by_the_desk(world, next_day)) == ([visit.pk], [])
    assert (seen_by_the_clinician(world, on), seen_by_the_clinician(world, next_day)) == ([visit.pk], [])
    assert (seen_by_programs(on), seen_by_programs(next_day)) == ([visit.pk], [])


@NIGHTS
def test_a_visit_across_midnight_is_shown_at_the_desk_on_both_days_F36(world, on):
    working_until(world, 1560)
    visit = book(next(one for one in listed(world, on) if one.starts_at == clock(on, 23.5)), on)
    next_day = on + in_days(1)

    assert visit.during.upper == clock(on + in_days(1), 0.5)
    assert (seen_by_the_desk(world, on), seen_by_the_desk(world, next_day)) == ([visit.pk], [visit.pk])
    assert (seen_by_the_clinician(world, on), seen_by_programs(on)) == ([visit.pk], [visit.pk])
    assert seen_by_programs(next_day) == []


@NIGHTS
def test_every_start_of_the_night_is_shown_on_some_day_to_everybody_F36(world, on):
    working_until(world, 1560)
    days = [on, on + in_days(1)]
    every_hour = [one for one in listed(world, on) if one.starts_at.minute == 0]

    stored = [book(one, on).pk for one in every_hour]

    assert len(stored) >= 4
    for seen in (seen_by_the_desk, seen_by_the_clinician):
        assert {pk for day in days for pk in seen(world, day)} == set(stored)
    assert sorted(pk for day in days for pk in seen_by_programs(day)) == sorted(stored)
