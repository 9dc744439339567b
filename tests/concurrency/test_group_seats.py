"""Thirty people want the ten seats of a workshop at the same moment (F24): ten sit in it, twenty are told at once."""

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
from tests.front.api.conftest import API, a_wish, post_booking
from tests.racing import together
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
def test_thirty_at_once_take_exactly_ten_seats_of_one_group_F24(groups, no_limits, times, rounds):
    """A cohort of six dates is taken in all of them or in none (F10)."""
    before = deadlocks()
    planned = groups.open_cohort(times=times)
    (opening,) = groups.free()
    for number in range(rounds):
        results = all_hold(opening, now=NOW, name=f"r{number}")

        assert Counter(map(outcome, results)) == {"Booking": SEATS, "Taken": PEOPLE - SEATS}
        assert [seats_of(one) for one in planned] == [list(range(1, SEATS + 1))] * times
        assert Appointment.objects.count() == times
        assert {one.seats_taken for one in Appointment.objects.all()} == {SEATS}
        assert groups.free() == []
        for one in Booking.objects.filter(status="held"):
            release(booking_id=one.pk, by=a_stranger(), now=NOW)

    assert deadlocks() == before


def test_thirty_who_come_after_ten_dead_holds_free_and_take_their_seats_F6_F24(groups, no_limits):
    before, later = deadlocks(), NOW + in_days(1)
    planned = groups.open_cohort()
    (opening,) = groups.free()
    dead = [hold(opening=opening.id, by=a_stranger(f"dead-{n}"), now=NOW) for n in range(SEATS)]

    results = all_hold(opening, now=later)

    assert Counter(map(outcome, results)) == {"Booking": SEATS, "Taken": PEOPLE - SEATS}
    assert {Booking.objects.get(pk=one.pk).status for one in dead} == {"expired"}
    assert [seats_of(one) for one in planned] == [list(range(1, SEATS + 1))] * 6
    assert deadlocks() == before


def test_those_who_come_and_go_at_once_never_wait_in_a_circle_F24(groups, no_limits):
    """Cohorts that share no date, single dates, holds and releases in all orders: seats and rows agree in the end."""
    before = deadlocks()
    groups.open_cohort(times=3)
    groups.open_cohort(hour=14, times=3)
    openings = groups.free()

    def come_and_go(number):
        for turn in range(4):
            mine = hold(opening=openings[(number + turn) % 2].id, by=a_stranger(f"t{number}-{turn}"), now=NOW)
            if (number + turn) % 3:
                release(booking_id=mine.pk, by=a_stranger(), now=NOW)

    results = together(12, come_and_go)

    assert {outcome(one) for one in results} <= {"NoneType", "Taken"}
    for one in Appointment.objects.all():
        assert one.seats_taken == len(seats_of(one)) == len(set(seats_of(one))) <= SEATS
    assert not Appointment.objects.filter(seats_taken__gt=F("capacity")).exists()
    assert deadlocks() == before


def takes_a_seat_again(person, opening, lost):
    return hold_for(opening=opening, people=[person], by=an_actor("owner"), now=NOW + in_days(2))


def pays_for_the_seat_that_was_lost(person, opening, lost):
    with transaction.atomic():
        booking = lock_for_confirming(booking=Booking.objects.get(pk=lost.pk))
        confirm_step(draft=BookingDraft.read(booking), by=an_actor("owner"), now=NOW + in_days(2))


def somebody_waits() -> bool:
    # Asked on a connection that waits for nothing itself.
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("comes_back", [takes_a_seat_again, pays_for_the_seat_that_was_lost])
def test_a_client_with_a_dead_seat_comes_back_while_another_dead_seat_is_freed_and_nobody_waits_in_a_circle(
    groups, comes_back
):
    """All bookings are locked before the first group: else each would hold what the other one wants."""
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
    assert {Booking.objects.get(pk=one.pk).status for one in (own, strangers)} == {"expired"}
    assert seats_of(planned) == [1]
    assert deadlocks() == before


def test_at_the_api_ten_of_thirty_are_booked_and_twenty_are_answered_409_F24(groups, no_limits):
    groups.open(day=TUESDAY)
    slug, week = groups.service.slug, {"from": TUESDAY.isoformat(), "to": (TUESDAY + in_days(7)).isoformat()}
    (opening,) = APIClient().get(f"{API}services/{slug}/openings/", week).json()["openings"]
    wish = a_wish(opening)

    with a_crowd(PEOPLE) as crowd:
        answers = crowd.at_once(lambda: post_booking(APIClient(), wish))

    assert Counter(one.status_code for one in answers) == {201: SEATS, 409: PEOPLE - SEATS}
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"taken"}
    assert Appointment.objects.count() == 1
    assert Attendance.objects.filter(status="booked").count() == SEATS
    assert Booking.objects.filter(status="confirmed", kind="seat").count() == SEATS
