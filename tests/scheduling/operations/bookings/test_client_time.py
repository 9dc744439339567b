"""A known client's own time: reserved by a hold, free once the hold is dead, kept when confirmed."""

import pytest

from backend.transactions import durable
from scheduling.models import Booking, Reservation
from scheduling.operations.bookings.choose_contact import choose_contact
from scheduling.operations.bookings.confirm import confirm_step, lock_for_confirming
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.clients import Person
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.opening import get_service
from scheduling.queries.openings.search import Search
from tests.factories import (
    MONDAY,
    NOW,
    a_client,
    a_clinician,
    a_couples_office,
    a_location,
    a_practice,
    a_room,
    a_service,
    a_stranger,
    an_actor,
    in_days,
)

pytestmark = pytest.mark.django_db
LATER = NOW + in_days(1)


@pytest.fixture(autouse=True)
def practice():
    return a_practice()


@pytest.fixture
def desk():
    return an_actor("owner")


@pytest.fixture
def offices():
    """Two offices with a room and a clinician each, so that only the client can be in conflict."""
    service = a_service("single")
    for slug in ("mckinney", "frisco"):
        office = a_location(slug)
        a_room(office)
        service.locations.add(office)
        a_clinician(office, services=[service])
    return service, list(service.locations.order_by("pk"))


def first_in(service, office, now=NOW):
    listed = openings(
        Search(service=get_service(service.slug), first=MONDAY, until=MONDAY + in_days(1), location=office, now=now)
    )
    return listed.openings[0].id


def held_for(client, service, office, desk, now=NOW, client_ids=None):
    known = (client.pk,) if client_ids is None else client_ids
    booking = hold(opening=first_in(service, office, now), by=desk, now=now, client_ids=known)
    name_participants(booking_id=booking.pk, people=[Person(client_id=client.pk)], by=desk, now=now)
    return booking


def test_a_client_cannot_be_held_in_two_offices_at_once(offices, desk):
    service, (here, there) = offices
    client = a_client()
    held_for(client, service, here, desk)

    with pytest.raises(Taken):
        held_for(client, service, there, desk)


@pytest.mark.parametrize("told_at", ["the hold", "the naming"])
def test_a_dead_hold_of_a_client_does_not_block_their_time_elsewhere_F6(offices, desk, told_at: str):
    service, (here, there) = offices
    client = a_client()
    dead = held_for(client, service, here, desk)

    held_for(client, service, there, desk, now=LATER, client_ids=None if told_at == "the hold" else ())

    dead.refresh_from_db()
    assert dead.status == Booking.Status.EXPIRED


def test_a_partner_who_chooses_after_confirmation_has_their_time_reserved_without_a_deadline():
    _, service = a_couples_office()
    listed = openings(
        Search(service=get_service(service.slug), first=MONDAY, until=MONDAY + in_days(1), now=NOW)
    ).openings
    booking = hold(opening=listed[0].id, by=a_stranger(), now=NOW)
    alex = Person(name="Alex Example", email="alex@example.com", may_email=True)
    _, second = name_participants(booking_id=booking.pk, people=[alex], by=a_stranger(), now=NOW)
    confirm(booking.pk)

    sam = Person(name="Sam Example", email="sam@example.com", may_email=True)
    choose_contact(participant_id=second.pk, choice=sam, by=a_stranger(), now=LATER)

    second.refresh_from_db()
    own = Reservation.objects.filter(resource=second.client_id)
    assert set(own.values_list("held_until", "released_at")) == {(None, None)}


@durable
def confirm(booking_id):
    locked = lock_for_confirming(booking=Booking.objects.get(pk=booking_id))
    confirm_step(draft=BookingDraft.read(locked), by=an_actor(), now=NOW)
