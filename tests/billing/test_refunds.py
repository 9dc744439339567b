"""Each refund is recorded once, from any source, and a failed refund opens a work item (F60 to F64)."""

import json
import time
from itertools import permutations

import pytest
from django.db import transaction

from backend.outbox import tasks as outbox
from backend.worklist.models import WorkItem
from billing.models import LedgerEntry, PaymentAttempt
from billing.operations.booking import book
from billing.operations.refunds import NothingToRefund, carry_out, plan_refund_step, refundable_cents
from billing.operations.returning import settle
from scheduling.models import Booking
from scheduling.operations.locks import lock_booking
from tests.factories import a_stranger

from .factories import a_person, an_office, opening_ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(payments):
    """A paid deposit of $180."""
    _, service = an_office()
    booked = book(
        opening=opening_ids(service)[0], people=[a_person()], accept_policy=True, by=a_stranger(), now=payments.now
    )
    payments.pay(booked.checkout_url)
    settle(booking_id=booked.booking.pk, now=payments.now)
    return PaymentAttempt.objects.get()


def plan(payment, now, cents=None):
    with transaction.atomic():
        lock_booking(payment.booking_id)
        return plan_refund_step(payment=payment, amount_cents=cents, now=now)


def refunds():
    return list(LedgerEntry.objects.filter(kind="refund").values_list("amount_cents", flat=True))


def from_dashboard(payments, payment, cents):
    return payments.api("POST", "/v1/refunds", payment_intent=payment.stripe_intent_id, amount=cents)


def test_a_planned_refund_is_made_by_the_outbox(payments, payment):
    plan(payment, payments.now, 5_000)
    outbox.deliver_due(until=time.monotonic() + 5, now=payments.now)
    assert refunds() == [-5_000]
    assert refundable_cents(payment) == 13_000


def test_a_refund_leaves_the_booking_confirmed(payments, payment):
    carry_out(attempt_id=plan(payment, payments.now).pk, now=payments.now)
    assert Booking.objects.get().status == "confirmed"


def test_our_refund_reported_by_webhooks_in_any_order_is_one_line(payments, payment):
    attempt = plan(payment, payments.now, 5_000)
    carry_out(attempt_id=attempt.pk, now=payments.now)
    kinds = ("refund.created", "charge.refunded", "refund.updated")
    bodies = {kind: payments.webhooks(kind)[-1][0] for kind in kinds if _arrived(payments, kind)}
    assert len(bodies) >= 2
    for order in permutations(bodies):
        for kind in order:
            body = json.loads(bodies[kind]) | {"id": f"evt_{kind}_{'-'.join(order)}"}
            payments.hand_over(json.dumps(body).encode())
    assert refunds() == [-5_000]


def _arrived(payments, kind):
    try:
        return payments.webhooks(kind, wait=0.5)
    except AssertionError:
        return []


def test_a_refund_reported_by_webhook_before_our_call_is_answered_is_one_line(payments, payment):
    attempt = plan(payment, payments.now, 5_000)
    payments.lever("answers", lose=3, match="POST /v1/refunds")
    with pytest.raises(Exception, match="no answer"):
        carry_out(attempt_id=attempt.pk, now=payments.now)
    payments.deliver("charge.refunded")
    attempt.refresh_from_db()
    assert attempt.status == "succeeded"
    carry_out(attempt_id=attempt.pk, now=payments.now)
    assert refunds() == [-5_000]
    assert payments.calls()["POST /v1/refunds"] >= 1
    assert len(payments.api("GET", f"/v1/refunds?payment_intent={payment.stripe_intent_id}")["data"]) == 1


def test_a_refund_from_the_dashboard_is_recorded(payments, payment):
    plan_one = plan(payment, payments.now, 5_000)
    carry_out(attempt_id=plan_one.pk, now=payments.now)
    from_dashboard(payments, payment, 13_000)
    payments.deliver("charge.refunded")
    assert sorted(refunds()) == [-13_000, -5_000]
    assert refundable_cents(payment) == 0
    assert Booking.objects.get().status == "confirmed"


def test_a_refund_of_more_than_was_paid_is_refused(payments, payment):
    with pytest.raises(NothingToRefund):
        plan(payment, payments.now, 18_001)
    carry_out(attempt_id=plan(payment, payments.now, 10_000).pk, now=payments.now)
    with pytest.raises(NothingToRefund):
        plan(payment, payments.now, 8_001)


def test_a_refund_under_way_is_not_planned_twice(payments, payment):
    assert plan(payment, payments.now, 10_000) == plan(payment, payments.now, 8_000)


def test_a_refund_that_the_provider_refuses_opens_a_work_item_and_adds_no_line(payments, payment):
    attempt = plan(payment, payments.now, 10_000)
    from_dashboard(payments, payment, 18_000)
    carry_out(attempt_id=attempt.pk, now=payments.now)
    attempt.refresh_from_db()
    assert (attempt.status, attempt.error) == ("failed", "charge_already_refunded")
    assert refunds() == []
    assert WorkItem.objects.get().key == f"refund-failed:{attempt.pk}"


def test_a_refund_that_failed_under_its_key_is_retried_under_a_new_key(payments, payment):
    """The provider repeats a stored 500 under the same key, so the refund is made once under a new key."""
    payments.lever("answers", fail=1, match="POST /v1/refunds")
    plan(payment, payments.now)
    outbox.deliver_due(until=time.monotonic() + 5, now=payments.now)
    outbox.deliver_due(until=time.monotonic() + 5, now=payments.pass_time(minutes=5))
    assert refunds() == [-18_000]
    assert refundable_cents(payment) == 0


def test_a_refund_that_fails_after_it_succeeded_can_be_refunded_again(payments, payment):
    from billing.gateway import Refund, RefundStatus
    from billing.operations.refunds import record_refund
    from tests.factories import an_actor

    attempt = plan(payment, payments.now)
    carry_out(attempt_id=attempt.pk, now=payments.now)
    attempt.refresh_from_db()
    failed = Refund(
        refund_id=attempt.stripe_refund_id,
        intent_id=payment.stripe_intent_id,
        status=RefundStatus.FAILED,
        amount_cents=18_000,
        currency="usd",
        token=str(attempt.token),
        error="lost_or_stolen_card",
    )
    for _ in range(2):
        record_refund(refund=failed, by=an_actor(), now=payments.now)
    attempt.refresh_from_db()
    assert (attempt.status, attempt.error) == ("failed", "lost_or_stolen_card")
    assert refundable_cents(payment) == 18_000
    assert WorkItem.objects.count() == 1
