"""Refunds: planned in the transaction that causes them, carried out by the outbox, and recorded once."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import uuid4

from django.db.models import Sum

from backend.accounts.actor import Actor, system
from backend.outbox import operations as outbox
from backend.transactions import assert_in_transaction, durable
from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item
from billing.gateway import GatewayBroke, GatewayRefused, Refund, RefundStatus
from billing.models import LedgerEntry, PaymentAttempt
from billing.stripe import gateway
from billing.stripe.parameters import refund_parameters
from scheduling.models import Booking
from scheduling.operations.bookings.status import move_step
from scheduling.operations.locks import lock_booking

from .events import mark_step
from .lines import refund_failed_step, refund_step

logger = logging.getLogger(__name__)
PURPOSE = "refund"


class NothingToRefund(Exception):
    """Less of this payment is left than should be refunded."""


def plan_refund_step(*, payment: PaymentAttempt, now: datetime, amount_cents: int | None = None) -> PaymentAttempt:
    """Plan a refund of a payment of a locked booking: all that is left, or `amount_cents`. Raises NothingToRefund.

    If the payment has a live refund, that one is returned (F64).
    """
    assert_in_transaction()
    live = payment.refunds.filter(status__in=["planned", "open"]).first()
    if live is not None:
        return live
    left = refundable_cents(payment)
    amount = left if amount_cents is None else amount_cents
    if not 0 < amount <= left:
        raise NothingToRefund("There is not that much left to give back.")
    token = uuid4()
    attempt = PaymentAttempt.objects.create(
        booking_id=payment.booking_id,
        payer_id=payment.payer_id,
        purpose=PaymentAttempt.Purpose.REFUND,
        refund_of=payment,
        amount_cents=amount,
        currency=payment.currency,
        token=token,
        idempotency_key=f"refund-{token}",
        parameters=refund_parameters(token=token, intent_id=payment.stripe_intent_id, amount_cents=amount),
        stripe_intent_id=payment.stripe_intent_id,
        created_at=now,
    )
    row = outbox.Planned(
        key=f"{PURPOSE}:{attempt.pk}",
        purpose=PURPOSE,
        channel="command",
        subject="payment_attempt",
        subject_id=attempt.pk,
        due_at=now,
    )
    outbox.plan(row, now=now)
    return attempt


def refundable_cents(payment: PaymentAttempt) -> int:
    """Cents of a payment that have not been refunded."""
    ids = [payment.pk, *payment.refunds.values_list("pk", flat=True)]
    kinds = ["payment", "refund", "refund_failed"]
    return (
        LedgerEntry.objects.filter(attempt__in=ids, kind__in=kinds).aggregate(cents=Sum("amount_cents"))["cents"] or 0
    )


def carry_out(*, attempt_id: int, now: datetime) -> None:
    """Make a planned refund at the provider and record it. May run twice, because the key is the same.

    Raises GatewayUnreachable, after which it should be tried again.
    """
    attempt = PaymentAttempt.objects.get(pk=attempt_id)
    if not attempt.is_live:
        return
    try:
        refund = gateway().refund(attempt.parameters, key=attempt.idempotency_key)
    except GatewayRefused as error:
        _refused(attempt_id=attempt.pk, code=error.code, now=now)
    except GatewayBroke:
        look_up(attempt=attempt, now=now)
        _replace(attempt_id=attempt.pk, now=now)
    else:
        record_refund(refund=refund, by=system("refund"), now=now)


def look_up(*, attempt: PaymentAttempt, now: datetime) -> None:
    """Record every refund that the provider has for the payment behind `attempt`. Raises GatewayUnreachable."""
    for refund in gateway().refunds_of(attempt.stripe_intent_id):
        record_refund(refund=refund, by=system("refund"), now=now)


@durable
def _replace(*, attempt_id: int, now: datetime) -> None:
    """Plan a refund again under another key: its key failed for good, and the provider has no such refund."""
    attempt = PaymentAttempt.objects.select_related("refund_of").get(pk=attempt_id)
    lock_booking(attempt.booking_id)
    attempt.refresh_from_db()
    if attempt.status == PaymentAttempt.Status.PLANNED and attempt.refund_of is not None:
        _end_step(attempt, PaymentAttempt.Status.FAILED, error="key_spent", now=now)
        plan_refund_step(payment=attempt.refund_of, amount_cents=attempt.amount_cents, now=now)


@durable
def _refused(*, attempt_id: int, code: str, now: datetime) -> None:
    attempt = PaymentAttempt.objects.get(pk=attempt_id)
    booking = lock_booking(attempt.booking_id)
    attempt.refresh_from_db()
    if attempt.is_live:
        _end_step(attempt, PaymentAttempt.Status.FAILED, error=code, now=now)
        _failed_step(booking, attempt, now=now)


def record_refund(*, refund: Refund, by: Actor, now: datetime, event_id: int | None = None) -> bool:
    """Record the state of a refund, made by us or at the provider; False if its payment is not ours (F60, F62)."""
    payment = PaymentAttempt.objects.filter(stripe_intent_id=refund.intent_id).exclude(purpose=PURPOSE).first()
    if payment is None or not refund.intent_id:
        return False
    _record(payment_id=payment.pk, booking_id=payment.booking_id, refund=refund, by=by, now=now, event_id=event_id)
    return True


@durable
def _record(
    *, payment_id: int, booking_id: int, refund: Refund, by: Actor, now: datetime, event_id: int | None
) -> None:
    booking = lock_booking(booking_id)
    attempt = _attempt_of(payment_id, refund)
    if refund.status == RefundStatus.FAILED:
        taken_back = refund_failed_step(booking_id=booking_id, refund=refund, by=by, now=now)
        if attempt is not None and attempt.status != PaymentAttempt.Status.FAILED:
            _end_step(attempt, PaymentAttempt.Status.FAILED, refund, error=refund.error, now=now)
            _failed_step(booking, attempt, now=now)
        elif taken_back:
            _failed_step(booking, None, now=now)
    elif refund.status == RefundStatus.PENDING:
        if attempt is not None and attempt.status == PaymentAttempt.Status.PLANNED:
            _under_way_step(attempt, refund, now=now)
    else:
        _given_back_step(booking, payment_id, attempt, refund, by=by, now=now)
    if event_id is not None:
        mark_step(event_id=event_id, outcome="recorded", now=now)


def _attempt_of(payment_id: int, refund: Refund) -> PaymentAttempt | None:
    """The attempt behind a refund, locked; None if the refund was made at the provider."""
    ours = PaymentAttempt.objects.select_for_update(no_key=True).filter(refund_of=payment_id)
    return next((one for one in ours if refund.token == str(one.token)), None)


def _given_back_step(
    booking: Booking, payment_id: int, attempt: PaymentAttempt | None, refund: Refund, *, by: Actor, now: datetime
) -> None:
    if attempt is not None and attempt.status != PaymentAttempt.Status.SUCCEEDED:
        if attempt.status == PaymentAttempt.Status.FAILED and attempt.stripe_refund_id:
            return  # it failed after it had succeeded, so this older report changes nothing (F52)
        _end_step(attempt, PaymentAttempt.Status.SUCCEEDED, refund, now=now)
    line_of = attempt or PaymentAttempt.objects.get(pk=payment_id)
    refund_step(booking_id=booking.pk, attempt=line_of, refund=refund, by=by, now=now)
    if booking.status == Booking.Status.PAID_CONFLICT and _all_went_back(booking):
        move_step(booking=booking, to=Booking.Status.CANCELLED, by=by, now=now, reason="refunded in full")


def _all_went_back(booking: Booking) -> bool:
    return LedgerEntry.objects.filter(booking=booking).aggregate(cents=Sum("amount_cents"))["cents"] == 0


def _under_way_step(attempt: PaymentAttempt, refund: Refund, *, now: datetime) -> None:
    attempt.status, attempt.stripe_refund_id, attempt.asked_at = PaymentAttempt.Status.OPEN, refund.refund_id, now
    attempt.save(update_fields=["status", "stripe_refund_id", "asked_at"])


def _end_step(
    attempt: PaymentAttempt,
    status: PaymentAttempt.Status,
    refund: Refund | None = None,
    *,
    error: str = "",
    now: datetime,
) -> None:
    attempt.status, attempt.error, attempt.settled_at, attempt.asked_at = status, error[:120], now, now
    if refund is not None:
        attempt.stripe_refund_id = refund.refund_id
    attempt.save(update_fields=["status", "error", "settled_at", "asked_at", "stripe_refund_id"])


def _failed_step(booking: Booking, attempt: PaymentAttempt | None, *, now: datetime) -> None:
    """Open a work item: the money is owed again, and only a person can decide how to return it (F63)."""
    open_item(
        kind=WorkItem.Kind.ODD_MONEY,
        key=f"refund-failed:{attempt.pk if attempt else f'booking-{booking.pk}'}",
        subject="booking",
        subject_id=booking.pk,
        location_id=booking.location_id,
        words="A refund did not go through. The money is still owed to the client; agree on another way.",
        now=now,
    )
