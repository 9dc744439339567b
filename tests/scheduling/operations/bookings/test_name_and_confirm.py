"""Names, choices and confirmation of a hold."""

from datetime import timedelta

import pytest
from django.db import transaction

from backend.transactions import durable
from backend.worklist.models import WorkItem
from scheduling.models import Booking, BookingMove, Client, ClientLink, Reservation
from scheduling.operations.bookings.choose_contact import choose_contact
from scheduling.operations.bookings.confirm import confirm_step, lock_for_confirming, paid_conflict_step
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.expire import expire_due
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.participants import NotNamed, name_participants
from scheduling.operations.bookings.refused import HoldEnded, Taken
from scheduling.operations.bookings.status import MoveRefused
from scheduling.operations.clients import Person
from scheduling.operations.links.links import issue
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.opening import get_service
from scheduling.queries.openings.search import Search
from scheduling.queries.people.links import link_of
from scheduling.queries.people.visibility import visible_to
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

ALEX = Person(name="Alex Example", email="Alex@Example.com", may_email=True, calendar_invites=True)
SAM = Person(name="Sam Example", email="sam@example.com")


@pytest.fixture(autouse=True)
def practice():
    return a_practice()


def held_couple(by=None):
    _, service = a_couples_office()
    opening = openings(
        Search(service=get_service(service.slug), first=MONDAY, until=MONDAY + in_days(1), now=NOW)
    ).openings[0]
    return hold(opening=opening.id, by=by or a_stranger(), now=NOW)


@durable
def confirm(booking, now=NOW):
    locked = lock_for_confirming(booking=Booking.objects.get(pk=booking.pk))
    confirm_step(draft=BookingDraft.read(locked), by=an_actor(), now=now)
    return locked


def test_naming_makes_two_new_clients_that_are_linked_as_partners():
    booking = held_couple()

    name_participants(booking_id=booking.pk, people=[ALEX, SAM], by=a_stranger(), now=NOW)

    alex, sam = Client.objects.order_by("pk")
    assert (alex.email, alex.may_email, sam.may_email) == ("alex@example.com", True, False)
    assert ClientLink.objects.get().kind == ClientLink.Kind.PARTNER


def test_a_partner_named_by_the_first_person_has_no_channels_yet():
    booking = held_couple()

    _, second = name_participants(booking_id=booking.pk, people=[ALEX, SAM], by=a_stranger(), now=NOW)

    assert (second.chosen_at, second.calendar_invites, second.policy_accepted_at) == (None, False, None)


def test_each_client_reserves_exactly_what_they_attend():
    booking = held_couple()

    first, second = name_participants(booking_id=booking.pk, people=[ALEX, SAM], by=a_stranger(), now=NOW)

    counts = [Reservation.objects.filter(resource_id=one.client_id).count() for one in (first, second)]
    assert counts == [12, 12]


def test_naming_again_deletes_the_reservations_of_the_earlier_names():
    booking = held_couple()
    name_participants(booking_id=booking.pk, people=[ALEX, SAM], by=a_stranger(), now=NOW)

    name_participants(booking_id=booking.pk, people=[ALEX, SAM], by=a_stranger(), now=NOW)

    assert Reservation.objects.filter(resource__kind="client").count() == 24
    assert Client.objects.count() == 2


def test_a_known_client_cannot_be_in_two_places_at_once():
    client = a_client(email="known@example.com")
    staff = an_actor("owner")
    first, second = held_couple(staff), held_single(staff)
    known = Person(client_id=client.pk)
    name_participants(booking_id=first.pk, people=[known, SAM], by=staff, now=NOW)

    with pytest.raises(Taken):
        name_participants(booking_id=second.pk, people=[known], by=staff, now=NOW)


def held_single(by):
    location = a_location("plano")
    a_room(location)
    service = a_service(locations=[location])
    a_clinician(location, services=[service])
    found = openings(
        Search(service=get_service(service.slug), first=MONDAY, until=MONDAY + in_days(1), now=NOW)
    ).openings
    return hold(opening=found[0].id, by=by, now=NOW)


def test_a_third_person_cannot_be_named_on_a_couples_booking():
    booking = held_couple()

    with pytest.raises(NotNamed):
        name_participants(booking_id=booking.pk, people=[ALEX, SAM, SAM], by=a_stranger(), now=NOW)


def test_an_ended_hold_cannot_be_named():
    booking = held_couple()

    with pytest.raises(HoldEnded):
        name_participants(booking_id=booking.pk, people=[ALEX], by=a_stranger(), now=NOW + timedelta(minutes=15))


def test_confirming_removes_the_deadline_and_records_the_actor():
    booking = held_couple()

    confirmed = confirm(booking)

    assert confirmed.status == Booking.Status.CONFIRMED
    assert not Reservation.objects.exclude(held_until=None).exists()
    assert list(BookingMove.objects.order_by("pk").values_list("old", "new")) == [("", "held"), ("held", "confirmed")]


def test_a_late_payment_confirms_the_booking_if_the_time_is_still_free_F45():
    booking = held_couple()
    name_participants(booking_id=booking.pk, people=[ALEX, SAM], by=a_stranger(), now=NOW)
    later = NOW + timedelta(minutes=20)
    expire_due(now=later)

    confirmed = confirm(booking, now=later)

    live = Reservation.objects.filter(released_at=None)
    assert confirmed.status == Booking.Status.CONFIRMED
    assert live.filter(resource__kind="client").count() == 24


def test_a_late_payment_for_a_taken_time_books_nothing_and_opens_a_work_item_F45():
    booking = held_couple()
    later = NOW + timedelta(minutes=20)
    hold(opening=booking.opening, by=a_stranger("second"), now=later)
    booking.refresh_from_db()

    with pytest.raises(Taken):
        confirm(booking, now=later)
    with transaction.atomic():
        paid_conflict_step(booking=lock_for_confirming(booking=booking), by=an_actor(), now=later)

    booking.refresh_from_db()
    assert booking.status == Booking.Status.PAID_CONFLICT
    assert WorkItem.objects.get().key == f"paid-conflict:{booking.pk}"


def test_a_confirmed_booking_cannot_be_confirmed_again():
    booking = held_couple()
    confirm(booking)

    with pytest.raises(MoveRefused):
        confirm(booking)


def test_choosing_ends_the_introduction_so_that_the_partner_who_passed_it_on_cannot_look():
    booking = held_couple()
    _, second = name_participants(booking_id=booking.pk, people=[ALEX, SAM], by=a_stranger(), now=NOW)
    introduction = issue(participant=second, purpose="introduction", now=NOW)
    choice = Person(name="Sam", email="own@example.com", may_email=True, calendar_invites=True)

    secret = choose_contact(participant_id=second.pk, choice=choice, by=a_stranger(), now=NOW)

    assert link_of(secret=introduction) is None
    assert link_of(secret=secret).participant_id == second.pk


def test_a_changed_address_ends_every_earlier_link():
    booking = held_couple()
    first, _ = name_participants(booking_id=booking.pk, people=[ALEX, SAM], by=a_stranger(), now=NOW)
    old = issue(participant=first, now=NOW)
    choice = Person(name="Alex", email="new@example.com", may_email=True)

    choose_contact(participant_id=first.pk, choice=choice, by=a_stranger(), now=NOW)

    assert link_of(secret=old) is None


def test_a_shared_address_is_always_worded_discreetly():
    booking = held_couple()
    open_wording = Person(name="A", email="a@example.com", may_email=True, wording="standard", address_is_shared="yes")

    first, _ = name_participants(booking_id=booking.pk, people=[open_wording, SAM], by=a_stranger(), now=NOW)

    assert first.client.wording == Client.Wording.DISCREET


def test_the_browser_that_booked_sees_only_the_first_persons_part():
    booking = held_couple()
    name_participants(booking_id=booking.pk, people=[ALEX, SAM], by=a_stranger(), now=NOW)

    seen = visible_to(type(booking.participants.first()), a_stranger())

    assert [one.track for one in seen] == ["A"]
