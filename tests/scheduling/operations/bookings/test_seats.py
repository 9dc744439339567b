"""Seats in a group: held, given back, kept apart, confirmed in time and late."""

from datetime import timedelta

import pytest
from psycopg.types.range import Range

from backend.transactions import durable
from scheduling.models import Attendance, Booking, ClientLink, Reservation
from scheduling.opening_id import OpeningId
from scheduling.operations.bookings.confirm import confirm_step, lock_for_confirming
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.expire import expire_due
from scheduling.operations.bookings.extend import extend
from scheduling.operations.bookings.hold import NotDirect, hold, hold_for
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.bookings.release import release
from scheduling.operations.clients import Person
from tests.factories import MONDAY, NOW, a_client, a_practice, a_service, a_stranger, in_days, openings_of
from tests.scheduling.groups import TUESDAY, WEEK, a_place_for_groups, sit_in
from tests.scheduling.queries.world import an_event, between, clock

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def groups():
    a_practice()
    return a_place_for_groups()


def seats(appointment):
    return sorted(appointment.attendances.filter(status="booked").values_list("seat_no", flat=True))


def named(booking, name="Robin Reed", **person):
    people = [Person(name=name, **person)]
    return name_participants(booking_id=booking.pk, people=people, by=a_stranger(), now=NOW)


# --- holding a seat -----------------------------------------------------------------------------------------


def test_a_hold_takes_a_seat_in_every_date_of_a_cohort_and_no_clinician_or_room(groups):
    planned = groups.open_cohort()
    (opening,) = groups.free()
    before = Reservation.objects.count()

    booking = hold(opening=opening.id, by=a_stranger(), now=NOW)

    assert (booking.kind, booking.status) == (Booking.Kind.SEAT, Booking.Status.HELD)
    assert [one.track for one in booking.participants.all()] == ["A"]
    assert [seats(one) for one in planned] == [[1]] * 6
    assert Reservation.objects.count() == before


def test_the_lowest_seat_that_was_given_back_is_taken_next(groups):
    (planned,) = groups.open()
    (opening,) = groups.free()
    first, _second = (hold(opening=opening.id, by=a_stranger(f"b{n}"), now=NOW) for n in range(2))
    release(booking_id=first.pk, by=a_stranger(), now=NOW)

    hold(opening=opening.id, by=a_stranger("b3"), now=NOW)

    assert seats(planned) == [1, 2]


def test_a_full_group_is_refused_and_the_next_one_is_named_F1(groups):
    (planned,) = groups.open()
    groups.open(day=TUESDAY + WEEK)
    here, there = groups.free()
    for number in range(4):
        sit_in([planned], seat_no=number + 1)

    with pytest.raises(Taken, match="last seat") as refused:
        hold(opening=here.id, by=a_stranger(), now=NOW)

    assert [one.id for one in refused.value.alternatives] == [there.id]


def test_a_cohort_that_is_full_on_one_date_is_refused_F10(groups):
    planned = groups.open_cohort()
    (opening,) = groups.free()
    for number in range(4):
        sit_in(planned[2:3], seat_no=number + 1)

    with pytest.raises(Taken):
        hold(opening=opening.id, by=a_stranger(), now=NOW)

    assert Attendance.objects.count() == 4


def test_the_seat_of_a_dead_hold_is_free_before_any_sweep_F6(groups):
    planned = groups.open_cohort()
    (opening,) = groups.free()
    dead = [hold(opening=opening.id, by=a_stranger(f"b{n}"), now=NOW) for n in range(4)]

    booking = hold(opening=opening.id, by=a_stranger("late"), now=LATER)

    assert {Booking.objects.get(pk=one.pk).status for one in dead} == {"expired"}
    assert [seats(one) for one in planned] == [[1]] * 6
    assert booking.is_live_hold(LATER)


def test_a_call_first_group_is_booked_by_staff_only(groups):
    groups.service.booking_mode = "call_first"
    groups.service.save()
    groups.open()
    (opening,) = groups.free()

    with pytest.raises(NotDirect):
        hold(opening=opening.id, by=a_stranger(), now=NOW)

    assert hold(opening=opening.id, by=groups.staff, now=NOW).is_held


def test_extending_a_hold_puts_no_deadline_on_the_group_F24(groups):
    (planned,) = groups.open()
    booking = hold(opening=groups.free()[0].id, by=a_stranger(), now=NOW)
    (person,) = named(booking)

    extend(booking_id=booking.pk, by=a_stranger(), now=NOW + timedelta(minutes=10))

    assert set(planned.reservations.values_list("held_until", flat=True)) == {None}
    own = Reservation.objects.get(resource=person.client_id)
    assert own.held_until == NOW + timedelta(minutes=25)


@pytest.mark.parametrize("end", [lambda one: release(booking_id=one.pk, by=a_stranger(), now=NOW), lambda _: sweep()])
def test_a_group_stays_planned_when_its_last_hold_ends(groups, end):
    (planned,) = groups.open()
    booking = hold(opening=groups.free()[0].id, by=a_stranger(), now=NOW)
    named(booking)

    end(booking)

    planned.refresh_from_db()
    assert (planned.status, planned.seats_taken) == ("planned", 0)
    live = Reservation.objects.filter(released_at=None)
    assert set(live.values_list("resource", flat=True)) == {groups.leader.pk, groups.room.pk}


def sweep():
    expire_due(now=LATER)


# --- who sits there -----------------------------------------------------------------------------------------


def test_a_client_reserves_every_date_of_the_cohort(groups):
    planned = groups.open_cohort()
    booking = hold(opening=groups.free()[0].id, by=a_stranger(), now=NOW)

    (person,) = named(booking)

    mine = Reservation.objects.filter(resource=person.client_id).order_by("during")
    assert [one.during for one in mine] == [Range(one.during[0], one.during[1], "[)") for one in planned]


def test_a_client_with_another_appointment_on_one_date_is_refused_the_cohort(groups):
    client = a_client()
    groups.open_cohort()
    (opening,) = groups.free()
    an_event(client.resource, between(12, 13, TUESDAY + 2 * WEEK))

    with pytest.raises(Taken):
        hold_for(opening=opening.id, people=[Person(client_id=client.pk)], by=groups.staff, now=NOW)

    assert not Attendance.objects.exists()


def test_a_client_cannot_have_two_seats_in_a_group(groups):
    client = a_client()
    (planned,) = groups.open()
    (opening,) = groups.free()
    people = [Person(client_id=client.pk)]
    hold_for(opening=opening.id, people=people, by=groups.staff, now=NOW)

    with pytest.raises(Taken):
        hold_for(opening=opening.id, people=people, by=groups.staff, now=NOW)

    assert seats(planned) == [1]


@pytest.mark.parametrize("mode", ["office", "online"])
def test_two_clients_who_are_kept_apart_cannot_have_seats_in_one_group(groups, mode):
    one, other = a_client(), a_client()
    ClientLink.objects.create(first=one, second=other, kind="keep_apart", since=NOW)
    (planned,) = groups.open(mode=mode)
    (opening,) = groups.free()
    hold_for(opening=opening.id, people=[Person(client_id=one.pk)], by=groups.staff, now=NOW)

    with pytest.raises(Taken, match="this time"):
        hold_for(opening=opening.id, people=[Person(client_id=other.pk)], by=groups.staff, now=NOW)

    assert seats(planned) == [1]


@pytest.mark.parametrize("mode", ["office", "online"])
def test_a_client_is_not_named_into_the_group_of_one_they_must_not_meet(groups, mode):
    one, other = a_client(), a_client()
    ClientLink.objects.create(first=one, second=other, kind="keep_apart", since=NOW)
    groups.open(mode=mode)
    (opening,) = groups.free()
    hold_for(opening=opening.id, people=[Person(client_id=one.pk)], by=groups.staff, now=NOW)
    booking = hold(opening=opening.id, by=a_stranger(), now=NOW)

    with pytest.raises(Taken):
        name_participants(booking_id=booking.pk, people=[Person(client_id=other.pk)], by=groups.staff, now=NOW)

    assert not Reservation.objects.filter(resource=other.pk).exists()


def test_a_partners_own_therapist_may_lead_the_group_since_it_is_not_individual_work(groups):
    one, other = a_client(), a_client()
    ClientLink.objects.create(first=one, second=other, kind="partner", since=NOW)
    single = a_service(locations=[groups.office])
    groups.leader.services.add(single)
    alone = openings_of(service=single, first=MONDAY, until=MONDAY + in_days(1), now=NOW)[0]
    hold_for(opening=alone.id, people=[Person(client_id=one.pk)], by=groups.staff, now=NOW)
    groups.open()

    booking = hold_for(opening=groups.free()[0].id, people=[Person(client_id=other.pk)], by=groups.staff, now=NOW)

    assert booking.is_held


# --- confirming, in time and late ---------------------------------------------------------------------------


@durable
def confirm(booking, now):
    locked = lock_for_confirming(booking=Booking.objects.get(pk=booking.pk))
    confirm_step(draft=BookingDraft.read(locked), by=a_stranger(), now=now)
    return locked


def test_a_confirmed_seat_has_no_deadline(groups):
    (planned,) = groups.open()
    booking = hold(opening=groups.free()[0].id, by=a_stranger(), now=NOW)
    named(booking)

    confirm(booking, NOW)

    expire_due(now=LATER)
    assert seats(planned) == [1]


def test_a_late_payment_takes_a_seat_again_on_every_date_F45(groups):
    planned = groups.open_cohort()
    booking = hold(opening=groups.free()[0].id, by=a_stranger(), now=NOW)
    (person,) = named(booking)
    expire_due(now=LATER)
    sit_in(planned, seat_no=1)

    confirm(booking, LATER)

    assert [seats(one) for one in planned] == [[1, 2]] * 6
    mine = Reservation.objects.filter(resource=person.client_id, released_at=None)
    assert list(mine.values_list("held_until", flat=True)) == [None] * 6


def test_a_late_payment_after_enrollment_ends_still_takes_its_seat_F45(groups):
    (planned,) = groups.open_cohort(times=1, enroll_by=NOW + timedelta(minutes=30))
    booking = hold(opening=groups.free()[0].id, by=a_stranger(), now=NOW)
    expire_due(now=LATER)

    confirm(booking, LATER)

    assert seats(planned) == [1]


def test_a_late_payment_is_refused_if_the_last_seat_is_gone_F45(groups):
    planned = groups.open_cohort()
    booking = hold(opening=groups.free()[0].id, by=a_stranger(), now=NOW)
    expire_due(now=LATER)
    for number in range(4):
        sit_in(planned[-1:], seat_no=number + 1)

    with pytest.raises(Taken):
        confirm(booking, LATER)

    assert [seats(one) for one in planned] == [[]] * 5 + [[1, 2, 3, 4]]


def test_a_group_with_another_start_than_its_id_is_refused(groups):
    """An opening id with another start names no group (F12)."""
    groups.open()
    pin = OpeningId.decode(groups.free()[0].id)
    beside = OpeningId(**{**vars(pin), "starts_at": clock(TUESDAY, 11.25)})

    with pytest.raises(Taken):
        hold(opening=beside.encode(), by=a_stranger(), now=NOW)
