"""The state of the payment that is due when a booking is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billing.models import BookingTerms, LedgerEntry, PaymentAttempt
from billing.models.attempt import LIVE
from billing.money import Money
from scheduling.models import Booking


class Standing(StrEnum):
    """Nothing is due; unpaid without an open page; unpaid with an open page; paid."""

    NOTHING_DUE = "nothing_due"
    UNPAID = "unpaid"
    OPEN = "open"
    PAID = "paid"


@dataclass(frozen=True, kw_only=True)
class PaymentState:
    """State of a booking's payment. `checkout_url`: the page that is open now, or None."""

    standing: Standing
    due_now: Money
    checkout_url: str | None


def payment_of(booking: Booking, *, now: datetime) -> PaymentState:
    """State of the payment as recorded here. To ask the provider first, call `settle`."""
    terms = BookingTerms.objects.filter(pk=booking.pk).first()
    due_now = Money(terms.due_now_cents, terms.currency) if terms else Money(0)
    page = live_page(booking.pk)
    url = page.url if page is not None and page.expires_at is not None and page.expires_at > now else None
    if not due_now:
        standing = Standing.NOTHING_DUE
    elif is_paid(booking.pk):
        standing, url = Standing.PAID, None
    else:
        standing = Standing.OPEN if url else Standing.UNPAID
    return PaymentState(standing=standing, due_now=due_now, checkout_url=url or None)


def live_page(booking_id: int) -> PaymentAttempt | None:
    """The planned or open payment page for the amount due at booking, or None."""
    return PaymentAttempt.objects.filter(booking=booking_id, purpose="deposit", status__in=LIVE).first()


def is_paid(booking_id: int) -> bool:
    """True once the amount due at booking was received, even if it was refunded later."""
    return LedgerEntry.objects.filter(booking=booking_id, kind="payment", attempt__purpose="deposit").exists()
