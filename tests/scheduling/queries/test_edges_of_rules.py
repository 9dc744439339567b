"""Rules at their edges, from the rows: caps by whose day, breaks of who is off, and what nobody comes to."""

from __future__ import annotations

import pytest

from scheduling.models import (
    Break,
    ClientLink,
    Clinician,
    Closure,
    LocationHours,
    ProgramBlock,
    Service,
    TimeOff,
    WorkingHours,
)
from scheduling.operations.clients import Person
from scheduling.operations.holding import hold
from scheduling.operations.holding_for import hold_for
from scheduling.operations.planning import Taken
from scheduling.queries.opening import describe, get_service
from scheduling.queries.parties import party_of
from tests.factories import MONDAY, NOW, a_client, a_couples_office, a_practice, a_service, an_actor, in_days
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
def test_two_who_must_not_meet_are_offered_nothing_together_and_held_nothing(world, couples_day, what):
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
    """An office in another zone, open late; whoever works there counts the days of their own zone."""
    type(world.office).objects.update(zone="America/Los_Angeles")
    LocationHours.objects.update(starts_minute=0, ends_minute=1440)
    WorkingHours.objects.update(starts_minute=17 * 60, ends_minute=1440)
    Clinician.objects.update(zone=zone, daily_minutes_cap=100)


@pytest.mark.parametrize(("zone", "most"), [("America/Los_Angeles", 2), ("America/Chicago", 4)])
def test_a_daily_cap_counts_and_asks_of_the_same_day(world: World, zone: str, most: int):
    around_the_clock(world, zone)

    held = 0
    while left := found(world.service, MONDAY):
        hold(opening=left[-1].id, by=an_actor(), now=NOW)
        held += 1

    # From 5 PM to midnight there: two hours of it are the next day in Chicago, which has a cap of its own.
    assert held == most


def test_what_begins_at_midnight_is_of_its_own_day_although_the_buffer_before_it_is_not(world: World):
    LocationHours.objects.update(starts_minute=0, ends_minute=1440)
    WorkingHours.objects.update(starts_minute=0, ends_minute=1440)
    Service.objects.update(buffer_before=10, buffer_after=0)
    Clinician.objects.update(daily_minutes_cap=50)
    (midnight,) = [one for one in found(world.service, TUESDAY) if one.starts_at == between(0, 1, TUESDAY).lower]

    hold(opening=midnight.id, by=an_actor(), now=NOW)

    assert (bool(starts(world.service, MONDAY)), starts(world.service, TUESDAY)) == (True, [])


def test_who_is_off_has_a_break(world: World):
    Break.objects.create(clinician=world.person, starts_minute=690, ends_minute=810, minutes=60)
    TimeOff.objects.create(clinician=world.person, during=between(12, 17))

    assert starts(world.service) == ["9:00", "10:00", "11:00"]

    a_visit(world.person, world.service, world.office, between(12, 13.5))
    assert "11:00" not in starts(world.service)


def test_what_nobody_leads_is_not_planned_into_a_closed_office(couples_day: Service):
    last = ProgramBlock.objects.latest("day", "starts_minute")
    last.roles.clear()
    when = describe(found(couples_day)[0].id).days[-1].blocks[-1]

    Closure.objects.create(during=between(14, 16, when.starts_at.date()))

    assert found(couples_day) == []


@pytest.mark.parametrize(("modes", "mode", "listed"), [(["online"], None, 0), (["office", "online"], "online", 0)])
def test_a_program_is_listed_in_an_office_or_not_at_all(couples_day: Service, modes, mode, listed):
    Service.objects.filter(pk=couples_day.pk).update(modes=modes)

    assert len(found(get_service(couples_day.slug), mode=mode)) == listed
