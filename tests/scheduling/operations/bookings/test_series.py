"""A series is taken on all dates or none, under lock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.outbox.models import Delivery
from billing.models import BookingTerms, PaymentAttempt
from billing.operations.booking import book
from scheduling.models import Appointment, Attendance, Booking, Client, Reservation, UsualRoom
from scheduling.opening_id import UnknownOpening
from scheduling.operations.bookings.hold import NotDirect, hold
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.clients import Person
from tests.billing.factories import a_policy, a_price
from tests.factories import NOW, a_client, a_couples_office, a_practice, a_room, a_stranger, an_actor, in_days
from tests.scheduling.messages.people import confirm
from tests.scheduling.queries.weekly import TUESDAY, WEEK, at, weekly
from tests.scheduling.queries.world import CHICAGO, a_visit, a_world, between, clock, found

pytestmark = pytest.mark.django_db


def test_a_held_series_is_one_booking_with_an_appointment_and_two_reservations_a_week():
    world = a_world()
    opening = weekly(world)

    booking = hold(opening=opening.id, by=a_stranger(), now=NOW)

    assert booking.kind == Booking.Kind.SERIES
    assert [one.during.lower for one in Appointment.objects.order_by("during")] == list(opening.starts)
    assert Attendance.objects.filter(participant__booking=booking).count() == 12
    assert Reservation.objects.filter(held_until=booking.hold_expires_at).count() == 24


def test_a_series_with_its_third_week_taken_is_refused_whole_and_the_date_is_named_F10():
    world = a_world()
    opening = weekly(world)
    a_visit(world.person, world.service, world.office, between(15, 16, TUESDAY + 2 * WEEK))

    with pytest.raises(Taken) as refused:
        hold(opening=opening.id, by=a_stranger(), now=NOW)

    assert str(refused.value) == "Tue, Feb 23, 3:00 PM: Someone else has just taken this time."
    assert (Booking.objects.count(), Appointment.objects.count(), Reservation.objects.count()) == (0, 1, 1)


def test_every_date_in_conflict_is_named_with_its_reason_F10():
    world = a_world()
    opening = weekly(world)
    for week in (2, 5):
        a_visit(world.person, world.service, world.office, between(15, 16, TUESDAY + week * WEEK))
    world.person.working_hours.update(valid_until=TUESDAY + 11 * WEEK)

    with pytest.raises(Taken) as refused:
        hold(opening=opening.id, by=a_stranger(), now=NOW)

    assert str(refused.value) == (
        "Tue, Feb 23, 3:00 PM; Tue, Mar 16, 3:00 PM: Someone else has just taken this time. "
        "Tue, Apr 27, 3:00 PM: We do not work at this time."
    )
    assert {one.starts_at.astimezone(CHICAGO).date() for one in refused.value.alternatives} == {TUESDAY}
    assert opening.starts_at not in {one.starts_at for one in refused.value.alternatives}


def test_an_error_while_writing_leaves_nothing_and_the_same_request_works_later_F11():
    world = a_world()
    a_practice()
    a_price(world.service)
    a_policy(world.service)
    criteria = {
        "opening": weekly(world).id,
        "people": [Person(name="Ann Example", email="ann@example.com", may_email=True)],
        "accept_policy": True,
        "by": an_actor(),
        "now": NOW,
        "unpaid_reason": "pays at the desk",
    }
    # The decision does not see this reservation: it is dead, and no booking owns it. Only the constraint refuses it.
    hidden = a_visit(
        world.person, world.service, world.office, between(15, 16, TUESDAY + 7 * WEEK), held_until=NOW - in_days(1)
    )

    with pytest.raises(Taken):
        book(**criteria)

    counted = (Booking, Client, Attendance, BookingTerms, PaymentAttempt, Delivery)
    assert [model.objects.count() for model in counted] == [0] * len(counted)
    assert (Appointment.objects.count(), Reservation.objects.count()) == (1, 1)

    Reservation.objects.filter(pk=hidden.pk).update(released_at=NOW)
    booked = book(**criteria)

    assert booked.booking.status == Booking.Status.CONFIRMED
    assert Attendance.objects.count() == 12
    assert Delivery.objects.filter(purpose="booking_confirmed").count() == 1


def test_a_series_is_stored_at_three_o_clock_across_the_november_change_F25():
    world = a_world()
    now = datetime(2027, 10, 1, 15, tzinfo=UTC)
    opening = weekly(world, times=7, first=date(2027, 10, 19), now=now)

    hold(opening=opening.id, by=a_stranger(), now=now)

    starts = [one.during.lower for one in Appointment.objects.order_by("during")]
    assert {one.astimezone(CHICAGO).strftime("%a %H:%M") for one in starts} == {"Tue 15:00"}
    assert [one.hour for one in starts] == [20, 20, 20, 21, 21, 21, 21]
    assert starts[-1].astimezone(CHICAGO).date() == date(2027, 11, 30)


def test_the_room_that_is_free_most_often_is_used_on_all_dates_on_which_it_is_free():
    world = a_world()
    second, third = a_room(world.office), a_room(world.office)
    for room, weeks in ((world.room, (0, 1, 2)), (second, (3,)), (third, (3, 4))):
        for week in weeks:
            visit = a_visit(world.person, world.service, world.office, between(15, 16, TUESDAY + week * WEEK))
            Reservation.objects.filter(pk=visit.pk).update(resource=room.resource)

    hold(opening=weekly(world, times=6).id, by=a_stranger(), now=NOW)

    taken = Appointment.objects.filter(room__isnull=False).order_by("during").values_list("room", flat=True)
    assert list(taken) == [second.pk] * 3 + [world.room.pk] + [second.pk] * 2


def test_the_clinicians_usual_room_comes_before_one_that_is_free_more_often():
    world = a_world()
    usual = a_room(world.office)
    UsualRoom.objects.create(clinician=world.person, room=usual)
    visit = a_visit(world.person, world.service, world.office, between(15, 16, TUESDAY))
    Reservation.objects.filter(pk=visit.pk).update(resource=usual.resource)

    hold(opening=weekly(world, times=3).id, by=a_stranger(), now=NOW)

    taken = Appointment.objects.filter(room__isnull=False).order_by("during").values_list("room", flat=True)
    assert list(taken) == [world.room.pk, usual.pk, usual.pk]


def test_naming_a_client_reserves_their_own_time_on_every_date():
    world = a_world()
    client = a_client()
    booking = hold(opening=weekly(world).id, by=an_actor(), now=NOW, client_ids=(client.pk,))

    name_participants(booking_id=booking.pk, people=[Person(client_id=client.pk)], by=an_actor(), now=NOW)

    assert Reservation.objects.filter(resource=client.resource, released_at=None).count() == 12


def test_an_expired_series_that_is_paid_late_is_booked_on_all_dates():
    world = a_world()
    a_practice()
    booking = hold(opening=weekly(world).id, by=a_stranger(), now=NOW)
    later = NOW + timedelta(minutes=20)
    hold(opening=found(world.service, TUESDAY + timedelta(days=1))[0].id, by=a_stranger("other"), now=later)

    booking.refresh_from_db()
    assert booking.status == Booking.Status.EXPIRED
    assert confirm(booking, later).status == Booking.Status.CONFIRMED
    planned = Appointment.objects.filter(status="planned", attendances__participant__booking=booking)
    assert planned.count() == 12


@pytest.mark.parametrize("starts", [13, 26])
def test_a_visitor_cannot_book_more_than_twelve_dates(starts):
    world = a_world()
    long = weekly(world, times=starts)

    with pytest.raises(NotDirect):
        hold(opening=long.id, by=a_stranger(), now=NOW)

    assert hold(opening=long.id, by=an_actor(), now=NOW).kind == Booking.Kind.SERIES


def test_dates_further_apart_than_a_year_are_refused_at_once():
    world = a_world()
    first = at(world.service)
    far = first._replace(further=(clock(date(2150, 1, 6), 15),))

    with pytest.raises(Taken, match="that far ahead"):
        hold(opening=far.id, by=a_stranger(), now=NOW)


def test_a_program_is_not_booked_as_a_series():
    _, service = a_couples_office()
    first = found(service)[0]
    repeated = first._replace(further=(first.starts_at + WEEK,))

    with pytest.raises(UnknownOpening):
        hold(opening=repeated.id, by=a_stranger(), now=NOW)


def test_holding_a_series_takes_as_many_statements_for_twelve_dates_as_for_two(django_assert_num_queries):
    world = a_world()
    short, long = weekly(world, times=2), weekly(world, first=TUESDAY + timedelta(days=1))
    hold(opening=found(world.service, TUESDAY)[0].id, by=a_stranger(), now=NOW)
    with CaptureQueriesContext(connection) as seen:
        hold(opening=short.id, by=a_stranger(), now=NOW)
    with django_assert_num_queries(len(seen)):
        hold(opening=long.id, by=a_stranger(), now=NOW)
