"""Booking and paying over real HTTP to the sandbox."""

import pytest

from billing.models import BookingTerms, LedgerEntry, PaymentAttempt
from billing.operations.booking import book
from scheduling.models import Booking
from tests.factories import NOW, a_stranger

from .factories import a_person, an_office, opening_ids

pytestmark = pytest.mark.django_db


def test_a_paid_deposit_confirms_the_booking(payments):
    _, service = an_office()
    booked = book(opening=opening_ids(service)[0], people=[a_person()], accept_policy=True, by=a_stranger(), now=NOW)
    assert payments.pay(booked.checkout_url) == 303

    payments.deliver()

    assert Booking.objects.get().status == "confirmed"
    lines = LedgerEntry.objects.order_by("amount_cents").values_list("kind", "amount_cents")
    assert list(lines) == [("charge", -90_000), ("payment", 18_000)]
    assert PaymentAttempt.objects.get().status == "succeeded"
    assert BookingTerms.objects.get().later_cents == 72_000
