"""A hold taken for strangers is re-checked when known clients are named on it. The refusal gives no reason."""

import pytest

from scheduling.models import Booking, ClientLink, Clinician, Program, ProgramRole, Service
from scheduling.operations.bookings.hold import hold, hold_for
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.clients import Person
from scheduling.queries.openings.opening import get_service
from scheduling.queries.openings.party import party_of
from tests.factories import (
    NOW,
    a_client,
    a_clinician,
    a_couples_program,
    a_location,
    a_practice,
    a_role,
    a_room,
    a_service,
    an_actor,
    in_days,
)
from tests.scheduling.queries.world import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def single() -> Service:
    """An office with three rooms where Ash and Birch work; online as well."""
    a_practice()
    office = a_location("mckinney")
    service = a_service("single", locations=[office], step_minutes=60, modes=["office", "online"])
    for _ in range(3):
        a_room(office)
    for name in ("Ash", "Birch"):
        a_clinician(office, services=[service], name=name)
    return service


def linked(kind: str):
    first, second = a_client("Alex"), a_client("Sam")
    ClientLink.objects.create(first=first, second=second, kind=kind, since=NOW - in_days(30))
    return first, second


def of(service: Service, name: str, number: int = 0, mode: str = "office") -> str:
    """An opening with this clinician."""
    person = Clinician.objects.get(name=name)
    return found(service, mode=mode, clinician=person)[number].id


def booked(opening: str, *clients) -> Booking:
    people = [Person(client_id=one.pk) for one in clients]
    return hold_for(opening=opening, people=people, by=an_actor("owner"), now=NOW)


def named(opening: str, *clients) -> Booking:
    """Hold without names, then name the clients."""
    booking = hold(opening=opening, by=an_actor("owner"), now=NOW)
    people = [Person(client_id=one.pk) for one in clients]
    name_participants(booking_id=booking.pk, people=people, by=an_actor("owner"), now=NOW)
    return booking


def refusal(opening: str, *clients) -> str:
    with pytest.raises(Taken) as refused:
        named(opening, *clients)
    return str(refused.value)


def test_a_client_is_not_named_on_a_hold_beside_one_they_must_not_meet_F12(single: Service):
    alex, sam = linked("keep_apart")
    booked(of(single, "Ash"), alex)

    assert refusal(of(single, "Birch"), sam) == "Someone else has just taken this time."


@pytest.mark.parametrize("case", ["an hour later", "online", "another client"])
def test_a_client_who_would_meet_nobody_is_named_on_a_hold(single: Service, case: str):
    alex, sam = linked("keep_apart")
    booked(of(single, "Ash"), alex)
    opening = of(single, "Birch", number=int(case == "an hour later"), mode="online" if case == "online" else "office")

    booking = named(opening, a_client() if case == "another client" else sam)
    assert booking.participants.get().client is not None


def test_a_client_is_not_named_on_a_hold_with_their_partners_clinician_F12(single: Service):
    alex, sam = linked("partner")
    booked(of(single, "Ash"), alex)

    assert refusal(of(single, "Ash", number=2), sam) == "Someone else has just taken this time."
    assert named(of(single, "Birch", number=2), sam).is_held


def test_a_hold_is_not_renamed_to_a_new_client_where_new_clients_are_not_taken_F12(single: Service):
    Clinician.objects.update(takes_new_clients=False)
    known = a_client()
    booking = booked(found(single, party=party_of([known.pk], single, now=NOW))[0].id, known)

    new = [Person(name="Robin Example")]
    with pytest.raises(Taken):
        name_participants(booking_id=booking.pk, people=new, by=an_actor("owner"), now=NOW)
    assert booking.participants.get().client == known


@pytest.fixture
def program(single: Service) -> Service:
    """A day for a couple: Ash sees one partner and Birch the other, either way round."""
    a_couples_program("day", days=1, locations=[single.locations.get()])
    Program.objects.update(start_weekdays=[])
    for person in single.clinicians.all():
        person.roles.set([a_role("support-a"), a_role("support-b")])
    a_clinician(single.locations.get(), roles=[a_role("lead")])
    return get_service("day")


def test_a_client_is_not_named_on_individual_work_with_their_partners_clinician_F12(single, program):
    alex, sam = linked("partner")
    day = found(program, days=2)[1].id
    booked(of(single, "Ash"), alex)
    ash_sees = hold(opening=day, by=an_actor("owner"), now=NOW)
    ashs_track = ash_sees.participants.get(attendances__appointment__block__attends__in="AB",
                                           attendances__appointment__leads__clinician__name="Ash").track  # fmt: skip
    right, wrong = ([alex, sam], [sam, alex]) if ashs_track == "A" else ([sam, alex], [alex, sam])

    with pytest.raises(Taken):
        name(ash_sees, wrong)
    name(ash_sees, right)


def name(booking: Booking, clients) -> None:
    people = [Person(client_id=one.pk) for one in clients]
    name_participants(booking_id=booking.pk, people=people, by=an_actor("owner"), now=NOW)


def test_two_clients_of_a_hold_may_swap_tracks(program: Service):
    alex, sam = linked("partner")
    booking = named(found(program)[0].id, alex, sam)

    name(booking, [sam, alex])
    assert [one.client for one in booking.participants.order_by("track")] == [sam, alex]


def test_a_clinician_who_saw_both_partners_in_a_shared_role_may_do_so_again(program: Service):
    ProgramRole.objects.filter(slug="support-a").update(for_both_partners=True)
    shared = a_role("support-a")
    for block in program.program.blocks.filter(attends__in="AB"):
        block.roles.set([shared])
    program.program.blocks.filter(attends="B").update(starts_minute=760, ends_minute=830)
    Clinician.objects.filter(name="Birch").update(is_active=False)
    alex, sam = linked("partner")
    first, second = (found(program, days=2)[number].id for number in (0, 1))

    booked(first, alex, sam)
    assert named(second, alex, sam).is_held
