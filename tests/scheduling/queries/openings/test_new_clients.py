"""New clients: which services and clinicians they are offered, and which clients count as new."""

from datetime import timedelta

import pytest

from scheduling.models import Appointment, Booking, Client, Clinician, Reservation, Service
from scheduling.operations.bookings.hold import hold, hold_for
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.clients import Person
from scheduling.queries.openings.opening import get_service
from scheduling.queries.openings.party import party_of
from tests.factories import (
    NOW,
    a_client,
    a_couples_office,
    a_location,
    a_practice,
    a_room,
    a_stranger,
    an_actor,
    in_days,
)
from tests.scheduling.queries.world import ALL_DAY, World, a_world, found, starts

pytestmark = pytest.mark.django_db
NEW = Person(name="Robin Example", email="robin@example.com")


@pytest.fixture
def world() -> World:
    a_practice()
    return a_world()


@pytest.fixture(params=["the clinician takes none", "the service is not for them"])
def closed(request, world: World) -> Service:
    """A service whose clinician or rule takes known clients only."""
    if request.param == "the clinician takes none":
        Clinician.objects.update(takes_new_clients=False)
    else:
        Service.objects.update(for_new_clients=False)
    return get_service(world.service.slug)


def came_with_a_booking(service: Service, now=NOW) -> tuple[Client, Booking]:
    """A client made by a booking of their own, which is held."""
    opening = found(get_service(service.slug), now=now)[-1]
    booking = hold(opening=opening.id, by=a_stranger(), now=now)
    (participant,) = name_participants(booking_id=booking.pk, people=[NEW], by=a_stranger(), now=now)
    assert participant.client is not None
    Client.objects.filter(pk=participant.client.pk).update(created_at=now)
    return participant.client, booking


def hours(service: Service, *clients: Client) -> list[str]:
    return starts(service, party=party_of([one.pk for one in clients], service, now=NOW))


def test_strangers_are_not_offered_services_for_known_clients(closed: Service):
    assert (starts(closed), hours(closed, a_client())) == ([], ALL_DAY)


def test_a_service_for_known_clients_is_refused_to_strangers_under_lock_F12(world: World):
    opening = found(world.service)[0].id
    Clinician.objects.update(takes_new_clients=False)

    with pytest.raises(Taken):
        hold(opening=opening, by=a_stranger(), now=NOW)


@pytest.mark.parametrize("rule", [Clinician, Service])
def test_a_service_for_known_clients_is_refused_for_a_new_person_named_by_the_desk_F12(world: World, rule):
    opening = found(world.service)[0].id
    if rule is Clinician:
        Clinician.objects.update(takes_new_clients=False)
    else:
        Service.objects.update(for_new_clients=False)

    with pytest.raises(Taken):
        hold_for(opening=opening, people=[NEW], by=an_actor("owner"), now=NOW)
    known = Person(client_id=a_client().pk)
    assert hold_for(opening=opening, people=[known], by=an_actor("owner"), now=NOW).is_held


def test_an_intensive_for_known_clients_is_not_offered_to_strangers():
    _, program = a_couples_office()
    Service.objects.update(for_new_clients=False)
    program = get_service(program.slug)
    party = party_of([a_client().pk, a_client().pk], program, now=NOW)

    assert (found(program, days=7), bool(found(program, days=7, party=party))) == ([], True)


@pytest.mark.parametrize(
    ("status", "offered"),
    [("held", False), ("expired", False), ("cancelled", False), ("confirmed", True), ("completed", True)],
)
def test_a_client_who_came_with_a_booking_is_known_once_one_is_confirmed(world: World, status: str, offered: bool):
    client, booking = came_with_a_booking(world.service)
    moved(booking, status)
    Clinician.objects.update(takes_new_clients=False)

    assert bool(hours(world.service, client)) is offered


def moved(booking: Booking, status: str) -> None:
    """Move the booking's row to `status`, along the listed moves."""
    way = {"cancelled": ["confirmed", "cancelled"], "completed": ["confirmed", "completed"], "held": []}
    times = {"confirmed": "confirmed_at", "completed": "completed_at", "cancelled": "cancelled_at"}
    for step in way.get(status, [status]):
        Booking.objects.filter(pk=booking.pk).update(status=step, **{times[step]: NOW} if step in times else {})


def test_a_known_client_may_bring_a_new_partner(world: World):
    new, _ = came_with_a_booking(world.service)
    Clinician.objects.update(takes_new_clients=False)
    service = get_service(world.service.slug)

    assert party_of([a_client().pk, new.pk], service, now=NOW).known
    assert not party_of([new.pk], service, now=NOW).known


def a_past_visit(world: World, client: Client, room, days_ago: float) -> None:
    opening = found(world.service, days=5)[-1]
    person = Person(client_id=client.pk)
    booking = hold_for(opening=opening.id, people=[person], by=an_actor("owner"), now=NOW)
    visit = Appointment.objects.get(attendances__participant__booking=booking)
    start = NOW - in_days(days_ago)
    Appointment.objects.filter(pk=visit.pk).update(room=room, during=(start, start + timedelta(hours=1)))
    moved(booking, "completed")
    Reservation.objects.all().delete()


def test_the_room_of_the_last_visit_is_chosen_again(world: World):
    second, third = a_room(world.office), a_room(world.office)
    client = a_client()
    a_past_visit(world, client, third, 9)
    a_past_visit(world, client, second, 16)

    opening = found(world.service)[0].id
    mine = hold_for(opening=opening, people=[Person(client_id=client.pk)], by=an_actor("owner"), now=NOW)
    assert Appointment.objects.get(attendances__participant__booking=mine).room == third


def test_the_rooms_of_two_clients_last_visits_are_tried_newest_first(world: World):
    rooms = [a_room(a_location()) for _ in range(2)]
    first, second = a_client(), a_client()
    a_past_visit(world, first, rooms[0], 30)
    a_past_visit(world, second, rooms[1], 2)

    assert party_of([first.pk, second.pk], world.service, now=NOW).room_ids == (rooms[1].pk, rooms[0].pk)


def test_a_party_of_two_costs_as_many_statements_as_one_of_one(world: World, django_assert_max_num_queries):
    clients = [a_client().pk for _ in range(2)]

    with django_assert_max_num_queries(4):
        party_of(clients[:1], world.service, now=NOW)
    with django_assert_max_num_queries(4):
        party_of(clients, world.service, now=NOW)
