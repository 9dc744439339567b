"""Write ledger entries. Each is written once, however often it is reported."""

from __future__ import annotations

from datetime import datetime

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction
from billing.gateway import Payment, Refund
from billing.models import BookingTerms, LedgerEntry, PaymentAttempt
from scheduling.models import Booking


def charge_step(*, booking: Booking, terms: BookingTerms, by: Actor, now: datetime) -> None:
    """Write the charge of a confirmed, locked booking, once: a unique constraint keeps the first.

    A standing appointment gets no charge here, because its terms are for one occurrence.
    """
    assert_in_transaction()
    if booking.kind == Booking.Kind.STANDING or not terms.price_cents:
        return
    charge = LedgerEntry(
        booking=booking,
        kind=LedgerEntry.Kind.CHARGE,
        amount_cents=-terms.price_cents,
        currency=terms.currency,
        actor=str(by),
        at=now,
    )
    LedgerEntry.objects.bulk_create([charge], ignore_conflicts=True)


def payment_step(*, attempt: PaymentAttempt, payment: Payment, by: Actor, now: datetime) -> bool:
    """Write a payment, once; False if it was written before."""
    return _once_step(
        attempt.booking_id, attempt, "payment", payment.received_cents, payment.currency, payment.intent_id, by, now
    )


def refund_step(*, booking_id: int, attempt: PaymentAttempt | None, refund: Refund, by: Actor, now: datetime) -> bool:
    """Write a refund, once; False if it was written before."""
    return _once_step(booking_id, attempt, "refund", -refund.amount_cents, refund.currency, refund.refund_id, by, now)


def refund_failed_step(*, booking_id: int, refund: Refund, by: Actor, now: datetime) -> bool:
    """Reverse the entry of a refund that failed later (F63); False if there is none, or it was reversed before."""
    assert_in_transaction()
    written = LedgerEntry.objects.filter(kind="refund", stripe_ref=refund.refund_id).first()
    if written is None:
        return False
    return _once_step(
        booking_id,
        written.attempt,
        "refund_failed",
        -written.amount_cents,
        written.currency,
        refund.refund_id,
        by,
        now,
    )


def _once_step(
    booking_id: int,
    attempt: PaymentAttempt | None,
    kind: str,
    cents: int,
    currency: str,
    ref: str,
    by: Actor,
    now: datetime,
) -> bool:
    assert_in_transaction()
    if LedgerEntry.objects.filter(kind=kind, stripe_ref=ref).exists():
        return False
    LedgerEntry.objects.create(
        booking_id=booking_id,
        attempt=attempt,
        kind=kind,
        amount_cents=cents,
        currency=currency,
        stripe_ref=ref,
        actor=str(by),
        at=now,
    )
    return True
