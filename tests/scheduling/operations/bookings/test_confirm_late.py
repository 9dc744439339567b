"""A late payment for a dead hold is decided again, with the rules about people who must not meet (F45)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.transactions import durable
from scheduling.models import Booking, Client, ClientLink, Clinician, Service
from scheduling.operations.bookings.confirm import confirm_step, lock_for_confirming
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.hold import hold, hold_for
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.clients import Person
from tests.factories import (
    NOW,
    a_client,
    a_clinician,
    a_location,
    a_practice,
    a_room,
    a_service,
    an_actor,
    in_days,
)
from tests.scheduling.groups import a_place_for_groups
from tests.scheduling.queries.world import found

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def single() -> Service:
    """An office with two rooms where Ash and Birch work."""
    a_practice()
    office = a_location("mckinney")
    service = a_service("single", locations=[office], step_minutes=60)
    for name in ("Ash", "Birch"):
        a_room(office)
        a_clinician(office, services=[service], name=name)
    return service


def linked(kind: str) -> tuple[Client, Client]:
    first, second = a_client("Alex"), a_client("Sam")
    ClientLink.objects.create(first=first, second=second, kind=kind, since=NOW - in_days(30))
    return first, second


def with_(name: str, service: Service, number: int = 0) -> str:
    return found(service, clinician=Clinician.objects.get(name=name))[number].id


def booked(opening: str, client: Client, now=NOW) -> Booking:
    return hold_for(opening=opening, people=[Person(client_id=client.pk)], by=an_actor("owner"), now=now)


def named_later(opening: str, client: Client) -> None:
    """A hold taken before the other one died and named after it, so that taking the time has expired nothing."""
    booking = hold(opening=opening, by=an_actor("owner"), now=NOW, hold_minutes=120)
    people = [Person(client_id=client.pk)]
    name_participants(booking_id=booking.pk, people=people, by=an_actor("owner"), now=LATER)


@durable
def paid(booking: Booking) -> Booking:
    locked = lock_for_confirming(booking=Booking.objects.get(pk=booking.pk))
    confirm_step(draft=BookingDraft.read(locked), by=an_actor("owner"), now=LATER)
    return locked


def test_a_late_payment_does_not_book_a_client_beside_one_they_must_not_meet_F45(single: Service):
    alex, sam = linked("keep_apart")
    dead = booked(with_("Ash", single), alex)
    named_later(with_("Birch", single), sam)

    with pytest.raises(Taken):
        paid(dead)


def test_a_late_payment_does_not_book_a_client_with_their_partners_clinician_F45(single: Service):
    alex, sam = linked("partner")
    dead = booked(with_("Ash", single), alex)
    named_later(with_("Ash", single, number=2), sam)

    with pytest.raises(Taken):
        paid(dead)


def test_a_late_payment_does_not_book_a_client_beside_the_group_of_one_they_must_not_meet_F45(single: Service):
    """The other client is in the same office at that hour, but without a seat in the group."""
    alex, sam = linked("keep_apart")
    groups = a_place_for_groups()
    beside = a_service("beside", locations=[groups.office], step_minutes=60, notice_minutes=60)
    a_room(groups.office)
    a_clinician(groups.office, services=[beside], name="Cedar")
    (planned,) = groups.open()
    day = planned.during[0].date()
    dead = booked(next(one.id for one in found(beside, day) if one.starts_at == planned.during[0]), alex)

    booked(groups.free()[0].id, sam, now=LATER)

    with pytest.raises(Taken):
        paid(dead)
