"""Rules of known clients: people they must not meet, and clinicians who see their partner."""

import pytest

from scheduling.models import Booking, ClientLink
from scheduling.operations.bookings.hold import hold_for
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
from tests.scheduling.queries.world import ALL_DAY, found, starts

pytestmark = pytest.mark.django_db
LATER = NOW + in_days(0.1)


@pytest.fixture(autouse=True)
def practice():
    a_practice()


@pytest.fixture
def office():
    """Three rooms and two clinicians, Ash first."""
    office = a_location("mckinney")
    service = a_service("single", locations=[office], step_minutes=60, modes=["office", "online"])
    for _ in range(3):
        a_room(office)
    for name in ("Ash", "Birch"):
        a_clinician(office, services=[service], name=name)
    return office


@pytest.fixture
def single(office):
    return office.services.get(slug="single")


def linked(kind, **fields):
    first, second = a_client("Alex"), a_client("Sam")
    ClientLink.objects.create(first=first, second=second, kind=kind, since=NOW - in_days(30), **fields)
    return first, second


def listed(service, *clients, mode="office", now=NOW, days=1):
    party = party_of([one.pk for one in clients], service, now=now)
    return found(service, days=days, now=now, mode=mode, party=party)


def hours(service, *clients, mode="office", now=NOW):
    party = party_of([one.pk for one in clients], service, now=now)
    return starts(service, now=now, mode=mode, party=party)


def booked(opening, *clients, now=NOW):
    people = [Person(client_id=one.pk) for one in clients]
    return hold_for(opening=opening.id, people=people, by=an_actor("owner"), now=now)


def offered(service, *clients, now=NOW):
    """Names of the clinicians who are offered."""
    party = party_of([one.pk for one in clients], service, now=now)
    people = service.clinicians.order_by("pk")
    return {one.name for one in people if found(service, now=now, mode="office", party=party, clinician=one)}


def test_clients_who_are_kept_apart_are_not_offered_the_same_office_at_once(single):
    alex, sam = linked("keep_apart")
    booked(listed(single, alex)[2], alex)

    assert hours(single, sam) == [hour for hour in ALL_DAY if hour != "11:00"]
    assert hours(single, a_client()) == ALL_DAY


def test_clients_who_are_kept_apart_may_both_come_online(single):
    alex, sam = linked("keep_apart")
    booked(listed(single, alex)[2], alex)

    assert hours(single, sam, mode="online") == ALL_DAY


def test_a_client_seen_online_does_not_count_as_in_the_office(single):
    alex, sam = linked("keep_apart")
    booked(listed(single, alex, mode="online")[2], alex)

    assert hours(single, sam) == ALL_DAY


def test_a_time_when_the_other_client_is_in_the_office_is_refused_under_lock_F12(single):
    alex, sam = linked("keep_apart")
    opening = listed(single, sam)[2]
    booked(opening, alex)
    same_hour = next(one for one in found(single, mode="office") if one.starts_at == opening.starts_at)

    with pytest.raises(Taken):
        booked(same_hour, sam)
    assert booked(same_hour, a_client()).is_held


@pytest.mark.parametrize("why", ["the link has ended", "the hold is dead"])
def test_clients_who_need_not_be_kept_apart_may_come_at_once(single, why: str):
    alex, sam = linked("keep_apart", ended_at=NOW - in_days(1) if why == "the link has ended" else None)
    booked(listed(single, alex)[2], alex)

    assert hours(single, sam, now=NOW if why == "the link has ended" else LATER) == ALL_DAY


def test_a_clinician_who_sees_one_partner_individually_is_not_offered_to_the_other(single):
    alex, sam = linked("partner")
    booked(listed(single, alex)[0], alex)

    assert offered(single, sam) == {"Birch"}
    assert offered(single, alex) == {"Ash", "Birch"}


def test_the_partners_clinician_is_refused_under_lock_F12(single):
    alex, sam = linked("partner")
    ashs = [one for one in listed(single, alex, days=5) if one.clinicians[0].name == "Ash"]
    booked(ashs[0], alex)

    with pytest.raises(Taken):
        booked(ashs[1], sam)


def test_alternatives_of_a_refused_client_can_be_booked_by_that_client(single):
    alex, sam = linked("partner")
    ashs = [one for one in listed(single, alex, days=5) if one.clinicians[0].name == "Ash"]
    booked(ashs[0], alex)

    with pytest.raises(Taken) as taken:
        booked(ashs[1], sam)

    assert {one.clinicians[0].name for one in taken.value.alternatives} == {"Birch"}
    assert booked(taken.value.alternatives[0], sam).is_held


@pytest.mark.parametrize("why", ["partners no more", "the hold is dead", "the hold was given up"])
def test_ended_links_and_dead_or_canceled_bookings_do_not_bar_a_clinician(single, why: str):
    alex, sam = linked("partner", ended_at=NOW - in_days(1) if why == "partners no more" else None)
    booking = booked(listed(single, alex)[0], alex)
    if why == "the hold was given up":
        booking.participants.get().attendances.update(status="cancelled")
    elif why == "the hold is dead":
        Booking.objects.update(hold_expires_at=NOW + in_days(0.05))

    assert offered(single, sam, now=LATER) == {"Ash", "Birch"}


def test_a_couples_session_may_be_led_by_a_clinician_who_sees_one_of_them(single, office):
    together = a_service("together", party="couple", capacity=2, locations=[office])
    for person in single.clinicians.all():
        person.services.add(together)
    alex, sam = linked("partner")
    booked(listed(single, alex)[0], alex)

    assert offered(together, alex, sam) == {"Ash", "Birch"}


def test_in_a_program_a_clinician_who_sees_one_partner_gets_no_individual_work_of_the_other(single, office):
    a_couples_program(days=1, locations=[office])
    program = get_service("4-day-couple")
    ash, birch = single.clinicians.order_by("pk")
    for person in (ash, birch):
        person.roles.set([a_role("support-a"), a_role("support-b")])
    a_clinician(office, roles=[a_role("lead")])
    alex, sam = linked("partner")
    ashs = [one for one in listed(single, alex, days=5) if one.clinicians[0].name == "Ash"][-1]
    booked(ashs, alex)
    after = listed(program, alex, sam)[0]
    swapped = listed(program, sam, alex)[0]

    assert apart_of(after) == {"A": "Ash", "B": "Birch"}
    assert apart_of(swapped) == {"A": "Birch", "B": "Ash"}


def apart_of(opening):
    blocks = [block for day in opening.days for block in day.blocks]
    return {block.attends: block.clinicians[0].name for block in blocks if block.attends != "both"}


def test_a_party_of_strangers_takes_no_statement(single, django_assert_num_queries):
    with django_assert_num_queries(0):
        party_of([], single, now=NOW)
