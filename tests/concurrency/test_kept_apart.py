"""When two clients who must be kept apart are named at once on holds of one hour and office, one is refused."""

from __future__ import annotations

import pytest

from scheduling.models import Booking, Client, ClientLink, Clinician, Participant, Service
from scheduling.operations.bookings import participants as naming
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.bookings.release import release
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
from tests.racing import together
from tests.scheduling.queries.world import found

from .crowd import deadlocks

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10


@pytest.fixture
def service() -> Service:
    a_practice()
    office = a_location("mckinney")
    service = a_service("single", locations=[office], step_minutes=60)
    for name in ("Ash", "Birch"):
        a_room(office)
        a_clinician(office, services=[service], name=name)
    return service


@pytest.fixture
def clients() -> list[Client]:
    both = [a_client("Alex"), a_client("Sam")]
    ClientLink.objects.create(first=both[0], second=both[1], kind="keep_apart", since=NOW - in_days(30))
    return both


def named_at_once(service: Service, clients: list[Client]) -> list[Exception]:
    """Name both clients at once on two holds, then release the holds; returns the errors of those refused."""
    staff = an_actor("owner")
    openings = [found(service, clinician=person)[0].id for person in Clinician.objects.order_by("name")]
    holds: list[Booking] = [hold(opening=opening, by=staff, now=NOW) for opening in openings]

    def name(number: int) -> None:
        people = [Person(client_id=clients[number].pk)]
        name_participants(booking_id=holds[number].pk, people=people, by=staff, now=NOW)

    answers = together(2, name)
    assert Participant.objects.filter(booking__in=holds, client__isnull=False).count() == answers.count(None)
    for booking in holds:
        release(booking_id=booking.pk, by=staff, now=NOW)
    return [error for error in answers if error is not None]


def test_one_of_two_clients_kept_apart_is_refused_without_a_deadlock(service, clients):
    before = deadlocks()

    refused = [named_at_once(service, clients) for _ in range(ROUNDS)]

    assert [[type(error) for error in errors] for errors in refused] == [[Taken]] * ROUNDS
    assert deadlocks() == before


def test_without_the_locks_both_clients_are_named(service, clients, monkeypatch):
    """Control: without the locks, the check alone does not keep them apart."""
    monkeypatch.setattr(naming, "lock_resources", list)

    assert [] in [named_at_once(service, clients) for _ in range(ROUNDS)]
