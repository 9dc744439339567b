"""When thirty people take the ten seats of a workshop at once, ten get a seat and twenty are refused (F24)."""

from __future__ import annotations

import time
from collections import Counter
from threading import Event

import pytest
from django.db import connection, transaction
from django.db.models import F
from rest_framework.test import APIClient

from billing.models import Policy, Price
from scheduling.models import Appointment, Attendance, Booking
from scheduling.operations.bookings.confirm import confirm_step, lock_for_confirming
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.expire import expire_due, expire_step
from scheduling.operations.bookings.hold import hold, hold_for
from scheduling.operations.bookings.release import release
from scheduling.operations.clients import Person
from scheduling.operations.locks import lock_bookings
from tests.factories import NOW, a_client, a_practice, a_stranger, an_actor, in_days
from tests.front.api.conftest import API, booking_input, post_booking
from tests.racing import WAITING, together
from tests.scheduling.groups import TUESDAY, a_place_for_groups

from .crowd import a_crowd, deadlocks

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, SEATS = 30, 10


@pytest.fixture
def groups(frozen):
    a_practice()
    found = a_place_for_groups(capacity=SEATS)
    Price.objects.create(service=found.service, amount_cents=6_000, valid_from=NOW.date())
    Policy.objects.create(service=found.service, valid_from=NOW.date(), due_now="nothing")
    return found


@pytest.fixture
def no_limits(settings):
    settings.LIMITS = dict.fromkeys(settings.LIMITS, 10**9)


def all_hold(opening, *, now, name="b"):
    return together(PEOPLE, lambda n: hold(opening=opening.id, by=a_stranger(f"{name}-{n}"), now=now))


def outcome(result):
    return type(result).__name__


def seats_of(appointment):
    return sorted(appointment.attendances.filter(status="booked").values_list("seat_no", flat=True))


@pytest.mark.parametrize("rounds", [3, pytest.param(30, marks=pytest.mark.stack)])
@pytest.mark.parametrize("times", [1, 6])
def test_thirty_holds_at_once_take_exactly_ten_seats_of_one_group_F24(groups, no_limits, times, rounds):
    """A cohort of six dates is booked on all of them or on none (F10)."""
    before = deadlocks()
    planned = groups.open_cohort(times=times)
    (opening,) = groups.free()
    for number in range(rounds):
        results = all_hold(opening, now=NOW, name=f"r{number}")

        assert Counter(map(outcome, results)) == {"Booking": SEATS, "Taken": PEOPLE - SEATS}
        assert [seats_of(appointment) for appointment in planned] == [list(range(1, SEATS + 1))] * times
        assert Appointment.objects.count() == times
        assert {appointment.seats_taken for appointment in Appointment.objects.all()} == {SEATS}
        assert groups.free() == []
        for booking in Booking.objects.filter(status="held"):
            release(booking_id=booking.pk, by=a_stranger(), now=NOW)

    assert deadlocks() == before


def test_thirty_holds_at_once_release_and_take_the_seats_of_ten_expired_holds_F6_F24(groups, no_limits):
    before, later = deadlocks(), NOW + in_days(1)
    planned = groups.open_cohort()
    (opening,) = groups.free()
    dead = [hold(opening=opening.id, by=a_stranger(f"dead-{n}"), now=NOW) for n in range(SEATS)]

    results = all_hold(opening, now=later)

    assert Counter(map(outcome, results)) == {"Booking": SEATS, "Taken": PEOPLE - SEATS}
    assert {Booking.objects.get(pk=booking.pk).status for booking in dead} == {"expired"}
    assert [seats_of(appointment) for appointment in planned] == [list(range(1, SEATS + 1))] * 6
    assert deadlocks() == before


def test_holds_and_releases_at_once_never_deadlock_F24(groups, no_limits):
    """After holds and releases of two cohorts in many orders, the counted seats equal the attendances."""
    before = deadlocks()
    groups.open_cohort(times=3)
    groups.open_cohort(hour=14, times=3)
    openings = groups.free()

    def come_and_go(number):
        for turn in range(4):
            held = hold(opening=openings[(number + turn) % 2].id, by=a_stranger(f"t{number}-{turn}"), now=NOW)
            if (number + turn) % 3:
                release(booking_id=held.pk, by=a_stranger(), now=NOW)

    results = together(12, come_and_go)

    assert {outcome(result) for result in results} <= {"NoneType", "Taken"}
    for appointment in Appointment.objects.all():
        assert appointment.seats_taken == len(seats_of(appointment)) == len(set(seats_of(appointment))) <= SEATS
    assert not Appointment.objects.filter(seats_taken__gt=F("capacity")).exists()
    assert deadlocks() == before


def holds_a_seat_again(person, opening, lost):
    return hold_for(opening=opening, people=[person], by=an_actor("owner"), now=NOW + in_days(2))


def confirms_the_expired_seat(person, opening, lost):
    with transaction.atomic():
        booking = lock_for_confirming(booking=Booking.objects.get(pk=lost.pk))
        confirm_step(draft=BookingDraft.read(booking), by=an_actor("owner"), now=NOW + in_days(2))


def somebody_waits() -> bool:
    # The connection of this query waits for no lock itself.
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("comes_back", [holds_a_seat_again, confirms_the_expired_seat])
def test_a_client_who_returns_while_another_expired_seat_is_released_causes_no_deadlock(groups, comes_back):
    """All bookings are locked before the first group appointment. Otherwise each thread would wait for the other."""
    before, desk, person = deadlocks(), an_actor("owner"), Person(client_id=a_client("Alex").pk)
    (planned,) = groups.open_cohort(times=1)
    (opening,) = groups.free()
    lost = hold_for(opening=opening.id, people=[person], by=desk, now=NOW)
    expire_due(now=NOW + in_days(1))
    own = hold_for(opening=opening.id, people=[person], by=desk, now=NOW + in_days(1))
    strangers = hold(opening=opening.id, by=a_stranger(), now=NOW + in_days(1))
    locked = Event()

    def meet(number):
        if number:
            locked.wait(timeout=30)
            return comes_back(person, opening.id, lost)
        with transaction.atomic():
            dead = lock_bookings([strangers.pk])
            locked.set()
            until = time.monotonic() + 30
            while not somebody_waits() and time.monotonic() < until:
                time.sleep(0.01)
            return expire_step(bookings=dead, by=desk, now=NOW + in_days(2))

    freed, came = together(2, meet)

    assert (freed, isinstance(came, Exception)) == (1, False)
    assert {Booking.objects.get(pk=booking.pk).status for booking in (own, strangers)} == {"expired"}
    assert seats_of(planned) == [1]
    assert deadlocks() == before


def test_by_api_ten_of_thirty_are_booked_and_twenty_get_a_409_F24(groups, no_limits):
    groups.open(day=TUESDAY)
    slug, week = groups.service.slug, {"from": TUESDAY.isoformat(), "to": (TUESDAY + in_days(7)).isoformat()}
    (opening,) = APIClient().get(f"{API}services/{slug}/openings/", week).json()["openings"]
    wish = booking_input(opening)

    with a_crowd(PEOPLE) as crowd:
        answers = crowd.at_once(lambda: post_booking(APIClient(), wish))

    assert Counter(answer.status_code for answer in answers) == {201: SEATS, 409: PEOPLE - SEATS}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"taken"}
    assert Appointment.objects.count() == 1
    assert Attendance.objects.filter(status="booked").count() == SEATS
    assert Booking.objects.filter(status="confirmed", kind="seat").count() == SEATS
