"""Sixty days of online times around each clock change, read and booked by programs in other zones (F27)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from rest_framework.test import APIClient

from scheduling.models import LocationHours, Service, WorkingHours
from scheduling.operations.bookings.hold import hold_for
from scheduling.operations.clients import Person
from tests.factories import a_client, a_practice, an_actor, in_days
from tests.scheduling.queries.world import World, a_world, clock

from .conftest import API

pytestmark = pytest.mark.django_db
ZONES = ["America/Chicago", "America/New_York", "Europe/London", "America/Phoenix"]
CHANGES = {"spring": date(2027, 3, 14), "fall": date(2027, 11, 7)}
DAYS = 60


@pytest.fixture
def world() -> World:
    """Online on Sundays and Mondays, at 8:00 AM and at noon."""
    cache.clear()
    a_practice()
    made = a_world()
    Service.objects.update(modes=["online"], step_minutes=240, horizon_days=200)
    LocationHours.objects.update(starts_minute=0, ends_minute=1440)
    WorkingHours.objects.all().delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(clinician=made.person, location=None, weekday=day, starts_minute=480, ends_minute=960)
        for day in (6, 0)
    )
    return made


@pytest.fixture(params=CHANGES)
def change(request):
    """The Sunday of a change, with the clock standing well before it."""
    sunday = CHANGES[request.param]
    with time_machine.travel(clock(sunday - in_days(40), 9), tick=False):
        yield sunday


def listed(change: date) -> list[dict]:
    dates = {"from": (change - in_days(DAYS / 2)).isoformat(), "to": (change + in_days(DAYS / 2)).isoformat()}
    return APIClient().get(f"{API}services/single/openings/", dates).json()["openings"]


def as_read_in(zone: str, told: str) -> datetime:
    """Wall time in `zone` of a time from the API."""
    return datetime.fromisoformat(told).astimezone(ZoneInfo(zone))


def test_openings_are_the_working_hours_on_every_day_around_the_change_F27(world, change):
    days = [change + in_days(number - DAYS // 2) for number in range(DAYS)]

    expected = [(day, time(hour)) for day in days if day.weekday() in (6, 0) for hour in (8, 12)]

    shown = [as_read_in("America/Chicago", one["starts_at"]) for one in listed(change)]
    assert [(at.date(), at.time()) for at in shown] == expected


@pytest.mark.parametrize("zone", ZONES)
def test_each_listed_time_is_booked_at_the_instant_read_in_any_zone_F27(world, change, zone):
    now = clock(change - in_days(40), 9)
    person, wanted = Person(client_id=a_client(zone=zone).pk), listed(change)

    for one in wanted:
        booking = hold_for(opening=one["id"], people=[person], by=an_actor(), now=now)
        visit = booking.participants.get().attendances.get().appointment
        assert visit.during.lower.astimezone(ZoneInfo(zone)) == as_read_in(zone, one["starts_at"])

    assert len(wanted) >= 32


# Hours between a client's clock and the office's, from a month before each change to a month after.
APART = {
    ("America/Chicago", "spring"): {0},
    ("America/Chicago", "fall"): {0},
    ("America/New_York", "spring"): {1},
    ("America/New_York", "fall"): {1},
    ("Europe/London", "spring"): {6, 5},  # for two weeks only one of the zones has changed
    ("Europe/London", "fall"): {6, 5},
    ("America/Phoenix", "spring"): {-1, -2},
    ("America/Phoenix", "fall"): {-1, -2},
}


@pytest.mark.parametrize("zone", ZONES)
def test_a_change_of_the_clients_clock_never_moves_the_offices_hours_F27(world, change, zone):
    season = next(name for name, day in CHANGES.items() if day == change)

    apart = {
        (as_read_in(zone, one["starts_at"]).replace(tzinfo=None) - datetime.fromisoformat(one["starts_at"][:19]))
        for one in listed(change)
    }

    assert apart == {timedelta(hours=hours) for hours in APART[zone, season]}


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London", "America/Phoenix"])
def test_an_office_in_another_zone_lists_and_books_its_hours_across_its_own_change_F27(world, change, zone):
    type(world.office).objects.update(zone=zone)
    type(world.person).objects.update(zone=zone)
    now = clock(change - in_days(40), 9)
    found = listed(change)

    shown = [as_read_in(zone, one["starts_at"]) for one in found]
    assert {at.hour for at in shown} == {8, 12}
    assert {one["starts_at"][-6:] for one in found} == {at.isoformat()[-6:] for at in shown}
    around = [one for one in found if abs(as_read_in(zone, one["starts_at"]).date() - change) <= timedelta(days=2)]
    for one in around:
        hold_for(opening=one["id"], people=[Person(client_id=a_client().pk)], by=an_actor(), now=now)
