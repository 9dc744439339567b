"""Random practices in the database: what is listed can be held, and what can be held is listed (F13)."""

import random
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from scheduling.availability.timegrid.walltime import day_start
from scheduling.models import (
    Appointment,
    BusyTime,
    Clinician,
    Closure,
    Location,
    Program,
    Reservation,
    Room,
    Service,
    TimeOff,
    TravelTime,
)
from scheduling.opening_id import OpeningId
from scheduling.operations.bookings.hold import hold, hold_step
from scheduling.operations.bookings.refused import Taken
from scheduling.queries.openings.opening import get_service
from tests import factories as make

pytestmark = pytest.mark.django_db

DAYS = 2
MINUTE = timedelta(minutes=1)
FIRST = make.MONDAY


class Undo(Exception):
    """Raised to roll back a trial hold."""


def random_practice(chance: random.Random) -> Service:
    """Two offices, three clinicians, a few rooms, and random rows that take time."""
    here, there = make.a_location(), make.a_location(hours=(600, 1080))
    TravelTime.objects.create(origin=here, destination=there, minutes=chance.choice([10, 25]))
    TravelTime.objects.create(origin=there, destination=here, minutes=chance.choice([15, 40]))
    service = make.a_service(
        locations=[here, there],
        duration_minutes=chance.choice([45, 50, 60]),
        buffer_before=chance.choice([0, 5]),
        buffer_after=chance.choice([0, 10, 15]),
        step_minutes=chance.choice([15, 30]),
        modes=chance.choice([["office"], ["office", "online"]]),
    )
    rooms = [make.a_room(place, capacity=chance.choice([2, 4])) for place in (here, here, there)]
    people = [_random_clinician(chance, service, here, there) for _ in range(3)]
    for one in people:
        for _ in range(chance.randint(0, 3)):
            _random_visit(chance, service, one, chance.choice(rooms))
        if chance.random() < 0.4:
            TimeOff.objects.create(clinician=one, during=_random_span(chance))
        if chance.random() < 0.4:
            BusyTime.objects.create(clinician=one, during=_random_span(chance), source="own")
    if chance.random() < 0.5:
        Closure.objects.create(location=chance.choice([here, there, None]), during=_random_span(chance), reason="x")
    return service


def _random_clinician(chance: random.Random, service: Service, here: Location, there: Location) -> Clinician:
    one = make.a_clinician(here, services=[service], hours=(540, 900), daily_minutes_cap=chance.choice([None, 120]))
    make.working_hours(one, there, chance.choice([720, 900]), 1080)
    if chance.random() < 0.5:
        make.working_hours(one, None, 900, 1140)
    return one


def _random_span(chance: random.Random) -> tuple[datetime, datetime]:
    start = _random_instant(chance)
    return start, start + chance.choice([30, 90, 240]) * MINUTE


def _random_instant(chance: random.Random) -> datetime:
    office = Location.objects.order_by("pk")[0]
    return day_start(FIRST, office.tzinfo) + 5 * chance.randrange(108, 228 + 288 * (DAYS - 1)) * MINUTE


def _random_visit(chance: random.Random, service: Service, one: Clinician, room: Room) -> None:
    # Reserved with buffers as a hold does it, and only where the time is free.
    start = _random_instant(chance)
    assert service.duration_minutes is not None
    end = start + service.duration_minutes * MINUTE
    reserved = start - service.buffer_before * MINUTE, end + service.buffer_after * MINUTE
    if Reservation.objects.filter(resource__in=[one.pk, room.pk], during__overlap=reserved).exists():
        return
    visit = Appointment.objects.create(
        service=service, during=(start, end), mode="office", location=room.location, office=room.location, room=room
    )
    Reservation.objects.bulk_create(
        Reservation(resource_id=resource_id, during=reserved, appointment=visit) for resource_id in (one.pk, room.pk)
    )


def can_hold(opening: str) -> bool:
    """True if the verb's step can hold it. The hold is rolled back."""
    try:
        with transaction.atomic():
            hold_step(opening=opening, by=make.a_stranger("browser-2"), now=make.NOW)
            raise Undo
    except Undo:
        return True
    except Taken:
        return False


@pytest.mark.parametrize("seed", range(8))
def test_every_listed_opening_can_be_held_f13(seed):
    chance = random.Random(seed)
    service = random_practice(chance)
    found = make.openings_of(service=service, first=FIRST, until=FIRST + timedelta(days=DAYS), now=make.NOW)
    assert found
    refused = [one.id for one in chance.sample(found, min(25, len(found))) if not can_hold(one.id)]
    assert refused == []


@pytest.mark.parametrize("seed", range(8))
def test_every_start_that_can_be_held_is_listed_f13(seed):
    chance = random.Random(seed)
    service = random_practice(chance)
    found = make.openings_of(service=service, first=FIRST, until=FIRST + timedelta(days=DAYS), now=make.NOW)
    listed = {(one.starts_at, one.location.slug, one.mode) for one in found}
    held = set()
    for _ in range(40):
        start = _random_instant(chance)
        start -= timedelta(minutes=start.minute % 15) * (chance.random() < 0.8)
        place, mode = chance.choice([*service.locations.all()]), chance.choice(["office", "online"])
        for person in Clinician.objects.all():
            pin = OpeningId(
                service=service.slug, location=place.slug, mode=mode, starts_at=start, clinicians=(person.pk,)
            )
            if mode in service.modes and can_hold(pin.encode()):
                held.add((start, place.slug, mode))
    assert held
    assert held - listed == set()


@pytest.mark.parametrize("seed", range(4))
def test_every_listed_program_can_be_held_f13(seed):
    chance = random.Random(seed)
    random_practice(chance)
    office = Location.objects.order_by("pk")[0]
    make.a_room(office)
    make.a_room(office)
    service = make.a_couples_program(days=3, locations=[office])
    Program.objects.update(rest_days=chance.choice([0, 2, 4]))
    service = get_service(service.slug)
    roles = [make.a_role(slug) for slug in ("lead", "support-a", "support-b")]
    for one in Clinician.objects.all():
        one.roles.set(chance.sample(roles, 2))
    for _ in range(3):
        make.a_clinician(office, roles=roles)
    found = make.openings_of(service=service, first=FIRST, until=FIRST + timedelta(days=21), now=make.NOW)
    assert found
    assert [one.id for one in found if not can_hold(one.id)] == []
    hold(opening=chance.choice(found).id, by=make.a_stranger(), now=make.NOW)
    left = make.openings_of(service=service, first=FIRST, until=FIRST + timedelta(days=21), now=make.NOW)
    held = {one.starts_at for one in [*found, *left] if can_hold(one.id)}
    assert [one.id for one in left if not can_hold(one.id)] == []
    assert held == {one.starts_at for one in left}
