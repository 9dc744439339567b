"""Holds: all or nothing, decided again under lock, owned by a visitor and limited in number."""

from datetime import timedelta

import pytest
from psycopg.types.range import Range

from scheduling.models import Appointment, Attendance, Booking, Reservation
from scheduling.opening_id import OpeningId, UnknownOpening
from scheduling.operations.bookings.expire import expire_due
from scheduling.operations.bookings.extend import extend
from scheduling.operations.bookings.hold import NotDirect, hold
from scheduling.operations.bookings.refused import HoldEnded, Taken, TooManyHolds
from scheduling.operations.bookings.release import release
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.opening import describe, get_service
from scheduling.queries.openings.search import Search
from tests.factories import (
    MONDAY,
    NOW,
    a_clinician,
    a_couples_office,
    a_desk_actor,
    a_location,
    a_room,
    a_service,
    a_stranger,
    in_days,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    location = a_location("mckinney")
    a_room(location)
    service = a_service("single", locations=[location])
    a_clinician(location, services=[service])
    return location, service


def first_openings(service, days=1):
    return openings(
        Search(service=get_service(service.slug), first=MONDAY, until=MONDAY + in_days(days), now=NOW)
    ).openings


def test_every_listed_opening_of_a_day_can_be_held_in_turn_F13(office):
    _, service = office
    wanted = [one for one in first_openings(service) if one.starts_at.minute == 0]

    references = [hold(opening=one.id, by=a_stranger(f"b{n}"), now=NOW).reference for n, one in enumerate(wanted)]

    assert len(set(references)) == 8


def test_a_hold_reserves_clinician_and_room_with_their_buffers(office):
    _, service = office
    opening = first_openings(service)[0]

    hold(opening=opening.id, by=a_stranger(), now=NOW)

    kinds = Reservation.objects.order_by("resource__kind").values_list("resource__kind", "during")
    during = Range(opening.starts_at, opening.ends_at + timedelta(minutes=10), "[)")
    assert list(kinds) == [("clinician", during), ("room", during)]


def test_the_same_opening_cannot_be_held_twice_and_alternatives_are_named(office):
    _, service = office
    opening = first_openings(service)[0]
    hold(opening=opening.id, by=a_stranger("first"), now=NOW)

    with pytest.raises(Taken) as refused:
        hold(opening=opening.id, by=a_stranger("second"), now=NOW)

    assert [one.starts_at for one in refused.value.alternatives] == [
        opening.starts_at + timedelta(minutes=minutes) for minutes in (60, 75, 90)
    ]


def test_an_intensive_writes_every_block_for_both_partners_at_once():
    _, service = a_couples_office()
    opening = first_openings(service)[0]

    booking = hold(opening=opening.id, by=a_stranger(), now=NOW)

    assert booking.kind == Booking.Kind.INTENSIVE
    assert Appointment.objects.count() == 16
    assert Attendance.objects.filter(participant__track="A").count() == 12
    assert Attendance.objects.filter(participant__track="B").count() == 12


def test_an_intensive_that_loses_one_block_writes_nothing_F11():
    location, service = a_couples_office()
    opening = first_openings(service)[0]
    third_day = opening.days[2]
    resource_id = third_day.blocks[0].clinicians[0].pk
    block_for(location, service, resource_id, third_day.starts_at)

    with pytest.raises(Taken):
        hold(opening=opening.id, by=a_stranger(), now=NOW)

    assert (Booking.objects.count(), Appointment.objects.count()) == (0, 1)


def block_for(location, service, resource_id, starts_at):
    during = Range(starts_at, starts_at + timedelta(hours=1), "[)")
    appointment = Appointment.objects.create(
        service=service, during=during, mode="office", location=location, office=location
    )
    Reservation.objects.create(resource_id=resource_id, during=during, appointment=appointment)


def test_partners_have_different_clinicians_for_individual_work():
    _, service = a_couples_office()

    blocks = [block for day in first_openings(service)[0].days for block in day.blocks]

    alone = {track: {c.pk for b in blocks if b.attends == track for c in b.clinicians} for track in "AB"}
    assert alone["A"].isdisjoint(alone["B"])


def test_an_opening_described_from_its_id_equals_the_listed_one():
    _, service = a_couples_office()
    opening = first_openings(service)[0]

    assert describe(opening.id) == opening


@pytest.mark.parametrize("text", ["", "%%%", "e30", "WzFd", "x" * 5000, "W10", "bnVsbA"])
def test_an_invalid_id_is_an_unknown_opening(text, office):
    with pytest.raises(UnknownOpening):
        hold(opening=text, by=a_stranger(), now=NOW)


@pytest.mark.parametrize(
    ("minutes", "why"),
    [(7, "off the step"), (-24 * 60 * 9, "in the past"), (-60, "before the hours"), (20 * 60, "at night")],
)
def test_a_hand_made_request_is_refused_F12(office, minutes, why):
    _, service = office
    pin = OpeningId.decode(first_openings(service)[0].id)
    moved = OpeningId(
        service=pin.service,
        location=pin.location,
        mode=pin.mode,
        clinicians=pin.clinicians,
        starts_at=pin.starts_at + timedelta(minutes=minutes),
    )

    with pytest.raises(Taken):
        hold(opening=moved.encode(), by=a_stranger(), now=NOW)


def test_the_time_of_a_dead_hold_can_be_held_before_any_sweep_F6(office):
    _, service = office
    opening = first_openings(service)[0]
    dead = hold(opening=opening.id, by=a_stranger("first"), now=NOW)
    later = NOW + timedelta(minutes=15, seconds=1)

    hold(opening=opening.id, by=a_stranger("second"), now=later)

    dead.refresh_from_db()
    assert dead.status == Booking.Status.EXPIRED


def test_a_dead_hold_is_offered_again_before_any_sweep(office):
    _, service = office
    opening = first_openings(service)[0]
    hold(opening=opening.id, by=a_stranger(), now=NOW)
    later = NOW + timedelta(minutes=15)

    offered = openings(
        Search(service=get_service(service.slug), first=MONDAY, until=MONDAY + in_days(1), now=later)
    ).openings

    assert offered[0].id == opening.id


def test_a_hold_is_live_until_the_last_moment_before_its_deadline(office):
    _, service = office
    opening = first_openings(service)[0]
    hold(opening=opening.id, by=a_stranger("first"), now=NOW)

    with pytest.raises(Taken):
        hold(opening=opening.id, by=a_stranger("second"), now=NOW + timedelta(minutes=14, seconds=59))


def test_one_visitor_has_at_most_three_holds_F19(office):
    _, service = office
    wanted = [one for one in first_openings(service) if one.starts_at.minute == 0]
    for one in wanted[:3]:
        hold(opening=one.id, by=a_stranger(), now=NOW)

    with pytest.raises(TooManyHolds):
        hold(opening=wanted[3].id, by=a_stranger(), now=NOW)


def test_the_sweep_expires_dead_holds_and_frees_their_time(office):
    _, service = office
    hold(opening=first_openings(service)[0].id, by=a_stranger(), now=NOW)

    assert expire_due(now=NOW + timedelta(minutes=16)) == 1
    assert not Reservation.objects.filter(released_at=None).exists()


def test_a_hold_is_extended_to_at_most_an_hour(office):
    _, service = office
    booking = hold(opening=first_openings(service)[0].id, by=a_stranger(), now=NOW)

    for minutes in (10, 20, 30, 40, 50, 59):
        booking = extend(booking_id=booking.pk, by=a_stranger(), now=NOW + timedelta(minutes=minutes))

    assert booking.hold_expires_at == NOW + timedelta(minutes=60)
    assert set(Reservation.objects.values_list("held_until", flat=True)) == {NOW + timedelta(minutes=60)}


def test_a_hold_that_has_ended_cannot_be_extended(office):
    _, service = office
    booking = hold(opening=first_openings(service)[0].id, by=a_stranger(), now=NOW)

    with pytest.raises(HoldEnded):
        extend(booking_id=booking.pk, by=a_stranger(), now=NOW + timedelta(minutes=16))


def test_releasing_a_hold_frees_the_time_at_once(office):
    _, service = office
    opening = first_openings(service)[0]
    booking = hold(opening=opening.id, by=a_stranger("first"), now=NOW)

    release(booking_id=booking.pk, by=a_stranger("first"), now=NOW)

    assert hold(opening=opening.id, by=a_stranger("second"), now=NOW).status == Booking.Status.HELD


def test_listing_openings_takes_at_most_six_statements(office, django_assert_max_num_queries):
    location, service = office
    for _ in range(3):
        a_clinician(location, services=[service])
    service = get_service(service.slug)

    with django_assert_max_num_queries(6):
        openings(Search(service=service, first=MONDAY, until=MONDAY + in_days(30), now=NOW))


@pytest.mark.parametrize("booking_mode", ["request", "call_first"])
def test_a_visitor_cannot_hold_a_service_that_is_booked_after_a_call(office, booking_mode):
    _, service = office
    opening = first_openings(service)[0]
    service.booking_mode = booking_mode
    service.save()

    with pytest.raises(NotDirect):
        hold(opening=opening.id, by=a_stranger(), now=NOW)

    assert not Booking.objects.exists()


def test_staff_can_hold_a_service_that_is_booked_after_a_call(office):
    location, service = office
    opening = first_openings(service)[0]
    service.booking_mode = "call_first"
    service.save()

    assert hold(opening=opening.id, by=a_desk_actor(location), now=NOW).status == "held"
