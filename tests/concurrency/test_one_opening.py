"""When twenty people book the same opening at once, one gets it and nineteen are refused at once (F1, F2, F3)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction
from rest_framework.test import APIClient

from backend.transactions import sqlstate_of
from billing.models import PaymentAttempt
from billing.operations.paying import let_go
from scheduling.models import Booking, Reservation, Resource
from scheduling.operations.bookings import hold as holding
from scheduling.operations.locks import lock_resources
from tests.factories import NOW, a_stranger
from tests.front.api.conftest import booking_input, first_opening, post_booking

from .crowd import Crowd, a_crowd, deadlocks

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 20
PAGES = "POST /v1/checkout/sessions"


@pytest.fixture
def no_limits(settings):
    settings.LIMITS = dict.fromkeys(settings.LIMITS, 10**9)


def race(crowd: Crowd, opening: dict) -> list:
    """Post the same opening on every thread; returns the answers."""
    wish = booking_input(opening)
    return crowd.at_once(lambda: post_booking(APIClient(), wish))


@pytest.mark.parametrize("service", ["single", "4-day-couple"])
@pytest.mark.parametrize("rounds", [5, pytest.param(50, marks=pytest.mark.stack)])
def test_one_of_twenty_gets_the_opening_without_a_deadlock_F1_F2_F3(office, payments, no_limits, service, rounds):
    before = deadlocks()
    with a_crowd(PEOPLE) as crowd:
        for number in range(1, rounds + 1):
            answers = race(crowd, first_opening(APIClient(), service))

            assert Counter(answer.status_code for answer in answers) == {201: 1, 409: PEOPLE - 1}
            assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"taken"}
            held = Booking.objects.get(status="held")
            assert PaymentAttempt.objects.filter(booking=held).count() == 1
            assert payments.calls()[PAGES] == Booking.objects.count() == number
            let_go(booking_id=held.pk, by=a_stranger(), now=NOW)
            assert not Reservation.objects.filter(released_at=None).exists()

    assert deadlocks() == before


def test_without_locks_and_constraint_twenty_threads_book_an_opening_twice(office, payments, no_limits, monkeypatch):
    """Control: the race above is real, and only the locks and the constraint decide it."""
    monkeypatch.setattr(holding, "lock_resources", list)
    winners = []
    with without_the_constraint(), a_crowd(PEOPLE) as crowd:
        for _ in range(3):
            answers = race(crowd, first_opening(APIClient()))
            winners.append(sum(answer.status_code == 201 for answer in answers))

    assert max(winners) > 1


@contextmanager
def without_the_constraint() -> Iterator[None]:
    """Drop the exclusion constraint; afterwards delete all reservations and add it again."""
    constraint = next(rule for rule in Reservation._meta.constraints if rule.name == "reservation_never_overlaps")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Reservation, constraint)
    try:
        yield
    finally:
        Reservation.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Reservation, constraint)


def test_a_deadlock_is_counted(office):
    """Control: two threads that lock two rows in opposite order."""
    first, second = sorted(Resource.objects.values_list("pk", flat=True))[:2]
    before, orders, half_way = deadlocks(), [(first, second), (second, first)], threading.Barrier(2)

    def lock_both() -> str:
        earlier, later = orders.pop()
        try:
            with transaction.atomic():
                lock_resources([earlier])
                half_way.wait()
                lock_resources([later])
        except OperationalError as error:
            return sqlstate_of(error)
        return "ok"

    with a_crowd(2) as pair:
        assert sorted(pair.at_once(lock_both)) == ["40P01", "ok"]

    assert deadlocks() == before + 1
