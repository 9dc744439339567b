"""Webhooks have the same effect in any order and number, and failed work is done later (F50 to F59)."""

import json
import time
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import DatabaseError, connection

from backend.outbox.models import Delivery
from billing.gateway import GatewayUnreachable
from billing.models import LedgerEntry, PaymentAttempt, StripeEvent
from billing.operations.booking import book
from billing.operations.reconciling import reconcile
from scheduling.models import Booking, BookingMove
from tests.factories import a_stranger

from .conftest import SECRET, Payments
from .factories import a_person, an_office, opening_ids

pytestmark = pytest.mark.django_db
KINDS = ("payment_intent.created", "payment_intent.succeeded", "checkout.session.completed")


@pytest.fixture
def paid(payments):
    """A booking that is paid at the provider and still held here."""
    _, service = an_office()
    booked = book(
        opening=opening_ids(service)[0], people=[a_person()], accept_policy=True, by=a_stranger(), now=payments.now
    )
    payments.pay(booked.checkout_url)
    return booked.booking


def outcome():
    """All rows that a webhook may change, except its StripeEvent."""
    return {
        "booking": list(Booking.objects.values_list("status", flat=True)),
        "moves": BookingMove.objects.count(),
        "lines": sorted(LedgerEntry.objects.values_list("kind", "amount_cents")),
        "attempts": list(PaymentAttempt.objects.values_list("status", flat=True)),
        "deliveries": sorted(Delivery.objects.values_list("key", flat=True)),
    }


def renamed(body: bytes, number: object) -> bytes:
    """The same event with another id, as for a second event about one payment."""
    event = json.loads(body)
    return json.dumps(event | {"id": f"{event['id']}_{number}"}).encode()


@pytest.mark.parametrize("times", [1, 2, 5])
@pytest.mark.parametrize("kind", ["payment_intent.succeeded", "checkout.session.completed"])
def test_an_event_delivered_several_times_has_the_effect_of_one(kind, times, payments, paid):
    payments.deliver(kind)
    once = outcome()
    for _ in range(times - 1):
        payments.deliver(kind)
    assert outcome() == once
    assert once["booking"] == ["confirmed"]
    assert StripeEvent.objects.count() == 1


@pytest.mark.parametrize("order", list(permutations(KINDS)), ids="-".join)
def test_every_order_of_events_ends_the_same(order, payments, paid):
    for kind in order:
        payments.deliver(kind)
    assert outcome()["booking"] == ["confirmed"]
    assert outcome()["lines"] == [("charge", -90_000), ("payment", 18_000)]
    assert outcome()["moves"] == 2


def test_payment_events_that_arrive_after_a_refund_change_nothing(payments, paid):
    payments.deliver()
    intent = PaymentAttempt.objects.get().stripe_intent_id
    payments.api("POST", "/v1/refunds", payment_intent=intent, amount=5_000)
    payments.deliver("charge.refunded")
    after = outcome()
    for number, kind in enumerate(KINDS):
        payments.hand_over(renamed(payments.webhooks(kind)[-1][0], number))
    assert outcome() == after


def test_a_webhook_whose_work_failed_is_processed_at_the_next_delivery(payments, paid, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    with pytest.raises(GatewayUnreachable):
        payments.deliver()
    assert StripeEvent.objects.get().processed_at is None
    settings.STRIPE_API_BASE = payments.url
    payments.deliver()
    assert outcome()["booking"] == ["confirmed"]
    assert StripeEvent.objects.get().outcome == "recorded"


def test_work_that_fails_halfway_is_rolled_back(payments, paid):
    with connection.cursor() as cursor:
        cursor.execute("CREATE RULE broken AS ON INSERT TO scheduling_bookingmove DO ALSO SELECT 1 / 0")
    with pytest.raises(DatabaseError):
        payments.deliver()
    with connection.cursor() as cursor:
        cursor.execute("DROP RULE broken ON scheduling_bookingmove")
    assert (outcome()["booking"], outcome()["lines"]) == (["held"], [])
    assert StripeEvent.objects.get().processed_at is None
    payments.deliver()
    assert outcome()["booking"] == ["confirmed"]


def test_a_waiting_event_is_processed_by_the_reconciler(payments, paid, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    with pytest.raises(GatewayUnreachable):
        payments.deliver()
    settings.STRIPE_API_BASE = payments.url
    reconcile(now=payments.pass_time(minutes=40))
    assert StripeEvent.objects.get().outcome == "recorded"
    assert outcome()["booking"] == ["confirmed"]


def test_an_expired_page_closes_its_attempt(payments):
    _, service = an_office()
    book(opening=opening_ids(service)[0], people=[a_person()], accept_policy=True, by=a_stranger(), now=payments.now)
    attempt = PaymentAttempt.objects.get()
    payments.now += timedelta(minutes=32)
    payments.api("GET", f"/v1/checkout/sessions/{attempt.stripe_session_id}")
    payments.deliver("checkout.session.expired")
    attempt.refresh_from_db()
    assert attempt.status == "expired"


@pytest.mark.django_db(transaction=True)
def test_webhooks_posted_and_signed_by_the_provider_confirm_the_booking(live_server, tmp_path, settings):
    """End to end: the page is paid, the sandbox signs and posts its webhooks, the booking is confirmed."""
    from django.utils import timezone

    payments = Payments(tmp_path, webhook_url=f"{live_server.url}/billing/stripe/webhook/")
    payments.now = timezone.now()
    settings.STRIPE_API_BASE, settings.STRIPE_WEBHOOK_SECRET = payments.url, SECRET
    try:
        _, service = an_office()
        booked = book(
            opening=opening_ids(service, now=payments.now)[0],
            people=[a_person()],
            accept_policy=True,
            by=a_stranger(),
            now=payments.now,
        )
        payments.lever("webhooks", repeat=4, parallel=True)
        assert booked.checkout_url is not None
        payments.pay(booked.checkout_url)
        end = time.monotonic() + 10
        while time.monotonic() < end and StripeEvent.objects.filter(outcome="recorded").count() < 2:
            time.sleep(0.05)
        assert outcome()["booking"] == ["confirmed"]
        assert outcome()["lines"] == [("charge", -90_000), ("payment", 18_000)]
    finally:
        payments.close()
