"""Record the state of a payment page, and what follows for the booking, in one transaction.

The webhook, the return page, the reconciler and a second click all use this. Each has read the page from the provider
before the transaction. Rows only move forward, so order and repetition do not matter.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction, durable, is_overlap
from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item
from billing.gateway import Page, PageStatus, Payment
from billing.models import BookingTerms, LedgerEntry, PaymentAttempt, StripeCustomer
from scheduling.models import Booking
from scheduling.opening_id import UnknownOpening
from scheduling.operations.bookings.confirm import confirm_step, lock_for_confirming, paid_conflict_step
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.refused import Taken

from .events import mark_step
from .lines import charge_step, payment_step
from .refunds import plan_refund_step

TRIES = 3


class _Stale(Exception):
    """The booking expired between reading and locking, so its resources would have to be locked first."""


def record_page(*, attempt_id: int, page: Page, by: Actor, now: datetime, event_id: int | None = None) -> None:
    """Record a page as the provider returned it. `event_id`: the webhook event to mark as done with it."""
    for _ in range(TRIES):
        try:
            return _record(attempt_id=attempt_id, page=page, by=by, now=now, event_id=event_id)
        except _Stale:
            continue
    raise _Stale


@durable
def _record(*, attempt_id: int, page: Page, by: Actor, now: datetime, event_id: int | None) -> None:
    read = Booking.objects.select_related("service", "location").get(payment_attempts=attempt_id)
    booking = lock_for_confirming(booking=read)
    if booking.status == Booking.Status.EXPIRED and read.status != Booking.Status.EXPIRED:
        raise _Stale
    attempt = PaymentAttempt.objects.select_for_update(no_key=True).get(pk=attempt_id)
    odd = False
    if page.payment is not None:
        odd = _record_payment_step(booking, attempt, page, page.payment, by=by, now=now)
    elif page.status == PageStatus.EXPIRED:
        _close_step(attempt, page, now=now)
    elif attempt.is_live:
        _open_step(attempt, page, now=now)
    if event_id is not None:
        mark_step(event_id=event_id, outcome="odd" if odd else "recorded", now=now)


def _open_step(attempt: PaymentAttempt, page: Page, *, now: datetime) -> None:
    attempt.asked_at = now
    if attempt.status == PaymentAttempt.Status.PLANNED and page.url:
        attempt.status, attempt.url, attempt.expires_at = PaymentAttempt.Status.OPEN, page.url, page.expires_at
        attempt.stripe_session_id = page.session_id
    attempt.save(update_fields=["asked_at", "status", "url", "expires_at", "stripe_session_id"])


def _close_step(attempt: PaymentAttempt, page: Page, *, now: datetime) -> None:
    if attempt.is_live:
        attempt.status, attempt.settled_at = PaymentAttempt.Status.EXPIRED, now
        attempt.asked_at, attempt.stripe_session_id = now, page.session_id
        attempt.save(update_fields=["status", "settled_at", "asked_at", "stripe_session_id"])


def _record_payment_step(
    booking: Booking, attempt: PaymentAttempt, page: Page, payment: Payment, *, by: Actor, now: datetime
) -> bool:
    """Record the payment once and update the booking. True if a person must look at it."""
    if attempt.status == PaymentAttempt.Status.SUCCEEDED:
        return False
    paid_before = LedgerEntry.objects.filter(booking=booking, kind="payment", attempt__purpose=attempt.purpose).exists()
    attempt.status, attempt.settled_at, attempt.asked_at = PaymentAttempt.Status.SUCCEEDED, now, now
    attempt.stripe_session_id, attempt.stripe_intent_id = page.session_id, payment.intent_id
    attempt.save(update_fields=["status", "settled_at", "asked_at", "stripe_session_id", "stripe_intent_id"])
    payment_step(attempt=attempt, payment=payment, by=by, now=now)
    differs = _mismatch(attempt, page, payment)
    if differs:
        words = f"Money came in that does not fit what was asked ({', '.join(differs)}). Nothing was booked on it."
        _odd_step(booking, f"mismatch:{attempt.pk}", words, now=now)
        return True
    _keep_customer_step(attempt, payment, now=now)
    return _follow_step(booking, attempt, paid_before=paid_before, by=by, now=now)


def _mismatch(attempt: PaymentAttempt, page: Page, payment: Payment) -> list[str]:
    """Names of the values in which the payment differs from our attempt (F72)."""
    expected_customer = attempt.parameters.get("customer", "")
    checks = {
        "amount": payment.received_cents == attempt.amount_cents,
        "currency": payment.currency == attempt.currency,
        "customer": not expected_customer or expected_customer == payment.customer_id,
        "reference": page.token == str(attempt.token),
    }
    return [name for name, fits in checks.items() if not fits]


def _follow_step(booking: Booking, attempt: PaymentAttempt, *, paid_before: bool, by: Actor, now: datetime) -> bool:
    """Confirm the booking, or plan a refund and open a work item. True for a refund (promise 7)."""
    if booking.status in (Booking.Status.HELD, Booking.Status.EXPIRED):
        if _confirmed_step(booking, by=by, now=now):
            return False
        paid_conflict_step(booking=booking, by=by, now=now)
        plan_refund_step(payment=attempt, now=now)
        return True
    is_confirmed = booking.status in (Booking.Status.CONFIRMED, Booking.Status.COMPLETED)
    if is_confirmed and not paid_before:
        return False
    words = "Paid twice" if is_confirmed else f"Paid after the booking was {booking.get_status_display().lower()}"
    plan_refund_step(payment=attempt, now=now)
    _odd_step(booking, f"paid-late:{attempt.pk}", f"{words}. We refund the full amount. Tell the client.", now=now)
    return True


def _confirmed_step(booking: Booking, *, by: Actor, now: datetime) -> bool:
    """Confirm the booking, even if late, while its time is free (F45); False if the time is gone.

    Errors of lost locks are raised, so that the whole transaction is tried again.
    """
    try:
        with transaction.atomic():
            confirm_step(draft=BookingDraft.read(booking), by=by, now=now, reason="paid")
    except (Taken, UnknownOpening, IntegrityError) as error:
        if isinstance(error, IntegrityError) and not is_overlap(error):
            raise
        booking.refresh_from_db()
        return False
    charge_step(booking=booking, terms=BookingTerms.objects.get(pk=booking.pk), by=by, now=now)
    return True


def _keep_customer_step(attempt: PaymentAttempt, payment: Payment, *, now: datetime) -> None:
    """Store the payer's customer id at the provider, and the card if it was saved for the balance."""
    if attempt.payer_id is None or not payment.customer_id:
        return
    saved = "setup_future_usage" in attempt.parameters["payment_intent_data"]
    known = StripeCustomer.objects.filter(pk=attempt.payer_id).first()
    if known is None:
        StripeCustomer.objects.bulk_create(
            [StripeCustomer(client_id=attempt.payer_id, customer_id=payment.customer_id, saved_at=now)],
            ignore_conflicts=True,
        )
    if saved:
        StripeCustomer.objects.filter(pk=attempt.payer_id, customer_id=payment.customer_id).update(
            payment_method_id=payment.payment_method_id, saved_at=now
        )


def _odd_step(booking: Booking, key: str, words: str, *, now: datetime) -> None:
    assert_in_transaction()
    open_item(
        kind=WorkItem.Kind.ODD_MONEY,
        key=key,
        subject="booking",
        subject_id=booking.pk,
        location_id=booking.location_id,
        words=words,
        now=now,
    )
