"""Edges of rules: limits by local day, breaks on days off, and blocks without a clinician."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from scheduling.models import (
    Break,
    ClientLink,
    Clinician,
    Closure,
    Location,
    LocationHours,
    ProgramBlock,
    Service,
    TimeOff,
    WorkingHours,
)
from scheduling.operations.bookings.hold import hold, hold_for
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.clients import Person
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.opening import describe, get_service
from scheduling.queries.openings.party import party_of
from scheduling.queries.openings.search import Search
from tests.factories import (
    MONDAY,
    NOW,
    a_client,
    a_couples_office,
    a_practice,
    a_service,
    an_actor,
    in_days,
    openings_of,
)
from tests.scheduling.queries.world import World, a_visit, a_world, between, found, starts

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + in_days(1)


@pytest.fixture(autouse=True)
def practice(db):
    return a_practice()


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def couples_day(db) -> Service:
    return a_couples_office()[1]


def apart() -> list[int]:
    both = [a_client("Alex").pk, a_client("Sam").pk]
    ClientLink.objects.create(first_id=both[0], second_id=both[1], kind="keep_apart", since=NOW - in_days(30))
    return both


@pytest.mark.parametrize("what", ["a visit for two", "a program"])
def test_two_clients_who_must_not_meet_cannot_be_offered_or_held_anything_together(world, couples_day, what):
    service = couples_day
    if what == "a visit for two":
        service = a_service("two", party="couple", capacity=2, locations=[world.office])
        world.person.services.add(service)
        type(world.room).objects.update(capacity=4)
    both = apart()

    listed = found(service, days=3, party=party_of(both, service, now=NOW))
    others = found(service, days=3)

    assert (len(listed), bool(others)) == (0, True)
    with pytest.raises(Taken):
        hold_for(opening=others[0].id, people=[Person(client_id=one) for one in both], by=an_actor(), now=NOW)


def around_the_clock(world: World, zone: str) -> None:
    """An office in another zone, open late. Its clinicians' limits count days of their own zone."""
    type(world.office).objects.update(zone="America/Los_Angeles")
    LocationHours.objects.update(starts_minute=0, ends_minute=1440)
    WorkingHours.objects.update(starts_minute=17 * 60, ends_minute=1440)
    Clinician.objects.update(zone=zone, daily_minutes_cap=100)


@pytest.mark.parametrize(("zone", "most"), [("America/Los_Angeles", 2), ("America/Chicago", 4)])
def test_a_daily_limit_compares_minutes_of_the_same_local_day(world: World, zone: str, most: int):
    around_the_clock(world, zone)

    held = 0
    while left := found(world.service, MONDAY):
        hold(opening=left[-1].id, by=an_actor(), now=NOW)
        held += 1

    # From 5 PM to midnight there. Two of these hours are the next day in Chicago, with its own limit.
    assert held == most


def test_a_visit_at_midnight_counts_on_its_own_day_despite_its_buffer_before(world: World):
    LocationHours.objects.update(starts_minute=0, ends_minute=1440)
    WorkingHours.objects.update(starts_minute=0, ends_minute=1440)
    Service.objects.update(buffer_before=10, buffer_after=0)
    Clinician.objects.update(daily_minutes_cap=50)
    (midnight,) = [one for one in found(world.service, TUESDAY) if one.starts_at == between(0, 1, TUESDAY).lower]

    hold(opening=midnight.id, by=an_actor(), now=NOW)

    assert (bool(starts(world.service, MONDAY)), starts(world.service, TUESDAY)) == (True, [])


def test_time_off_counts_as_a_break(world: World):
    Break.objects.create(clinician=world.person, starts_minute=690, ends_minute=810, minutes=60)
    TimeOff.objects.create(clinician=world.person, during=between(12, 17))

    assert starts(world.service) == ["9:00", "10:00", "11:00"]

    a_visit(world.person, world.service, world.office, between(12, 13.5))
    assert "11:00" not in starts(world.service)


def test_a_block_without_a_clinician_is_not_planned_in_a_closed_office(couples_day: Service):
    last = ProgramBlock.objects.latest("day", "starts_minute")
    last.roles.clear()
    when = describe(found(couples_day)[0].id).days[-1].blocks[-1]

    Closure.objects.create(during=between(14, 16, when.starts_at.date()))

    assert found(couples_day) == []


@pytest.mark.parametrize(("modes", "mode", "listed"), [(["online"], None, 0), (["office", "online"], "online", 0)])
def test_a_program_is_listed_only_in_an_office(couples_day: Service, modes, mode, listed):
    Service.objects.filter(pk=couples_day.pk).update(modes=modes)

    assert len(found(get_service(couples_day.slug), mode=mode)) == listed


@pytest.mark.parametrize(
    ("zone", "worked", "booked_up", "asked"),
    [
        # Monday from midnight to one in New York is Sunday night in Chicago; Sunday night in Los Angeles is Monday.
        ("America/New_York", (0, 0, 60), TUESDAY, MONDAY - in_days(1)),
        ("America/Los_Angeles", (6, 1320, 1440), MONDAY - in_days(4), MONDAY),
    ],
)
def test_a_weekly_limit_counts_all_days_of_the_clinicians_own_week(
    world: World, zone: str, worked: tuple[int, int, int], booked_up: date, asked: date
):
    weekday, starts_minute, ends_minute = worked
    WorkingHours.objects.all().delete()
    WorkingHours.objects.create(
        clinician=world.person, weekday=weekday, starts_minute=starts_minute, ends_minute=ends_minute
    )
    Service.objects.update(modes=["online"])
    Clinician.objects.update(zone=zone)
    assert found(get_service("single"), asked) != []

    Clinician.objects.update(weekly_minutes_cap=120)
    a_visit(world.person, world.service, None, between(10, 12, booked_up))

    assert found(get_service("single"), asked) == []


def test_the_next_date_is_found_up_to_the_horizon_far_east_of_utc_too(world: World):
    # On Monday afternoon in Chicago it is Tuesday in Lord Howe, and six days later Monday the 8th.
    Location.objects.update(zone="Australia/Lord_Howe")
    Clinician.objects.update(zone="Australia/Lord_Howe")
    LocationHours.objects.update(starts_minute=0, ends_minute=1440)
    WorkingHours.objects.exclude(weekday=0).delete()
    WorkingHours.objects.update(starts_minute=0, ends_minute=360)
    Service.objects.update(horizon_days=6, notice_minutes=0)
    service, now = get_service("single"), datetime(2027, 2, 1, 20, tzinfo=UTC)

    told = openings(Search(service=service, first=date(2027, 2, 3), until=date(2027, 2, 4), now=now))

    assert openings_of(service=service, first=date(2027, 2, 8), until=date(2027, 2, 9), now=now) != []
    assert (told.openings, told.next_on) == ([], date(2027, 2, 8))
