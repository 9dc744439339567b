"""Payment pages: plan one in a transaction, open it at the provider, then record it in another transaction."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings

from backend.accounts.actor import Actor, system
from backend.transactions import assert_in_transaction, durable
from billing.gateway import GatewayBroke, GatewayRefused, GatewayUnreachable
from billing.models import BookingTerms, PaymentAttempt, StripeCustomer
from billing.models.attempt import LIVE
from billing.queries.payments import live_page
from billing.stripe import gateway
from billing.stripe.parameters import page_parameters
from scheduling.models import Booking, Practice
from scheduling.operations.bookings.extend import extend_for_payment_step

from .errors import PaymentUnavailable
from .recording import record_page

logger = logging.getLogger(__name__)

# Checkout refuses an expiry in less than 30 minutes; one more minute allows for slow calls and clocks (F47).
PAGE_LASTS = timedelta(minutes=31)
DONE = "/booking/{reference}/done/"


def plan_page_step(
    *, booking: Booking, payer_id: int | None, terms: BookingTerms, return_to: str, now: datetime
) -> PaymentAttempt:
    """Plan the page on which client `payer_id` pays the amount due now, or return the live page (F75).

    The booking is locked. Its hold is extended first, so that it outlives the page. Raises HoldEnded,
    TooManyPaymentPages.
    """
    assert_in_transaction()
    live = live_page(booking.pk)
    if live is not None:
        return live
    expires_at = now.replace(microsecond=0) + PAGE_LASTS
    if booking.status != Booking.Status.CONFIRMED:  # a booking confirmed unpaid has no hold to extend
        extend_for_payment_step(booking=booking, session_expires_at=expires_at, now=now)
    token = uuid4()
    return PaymentAttempt.objects.create(
        booking=booking,
        payer_id=payer_id,
        purpose=PaymentAttempt.Purpose.DEPOSIT,
        amount_cents=terms.due_now_cents,
        currency=terms.currency,
        token=token,
        idempotency_key=f"page-{token}",
        parameters=page_parameters(
            token=token,
            amount_cents=terms.due_now_cents,
            currency=terms.currency,
            statement_suffix=Practice.objects.get().statement_suffix,
            return_url=settings.BASE_URL + return_to.format(reference=booking.reference),
            expires_at=expires_at,
            keep_card=terms.later_cents > 0,
            customer_id=_customer_of(payer_id),
        ),
        expires_at=expires_at,
        created_at=now,
    )


def _customer_of(client_id: int | None) -> str:
    found = StripeCustomer.objects.filter(client=client_id).values_list("customer_id", flat=True).first()
    return found or ""


def open_page(*, attempt_id: int, now: datetime) -> PaymentAttempt:
    """Open a planned page at the provider and record it. A repeated call has the same key, so it opens one page.

    Raises PaymentUnavailable. The attempt then stays planned, or has failed if its key cannot be used again.
    """
    attempt = PaymentAttempt.objects.get(pk=attempt_id)
    if attempt.status != PaymentAttempt.Status.PLANNED:
        return attempt
    try:
        page = gateway().open_page(attempt.parameters, key=attempt.idempotency_key)
    except (GatewayBroke, GatewayRefused) as error:
        # The key cannot be used again and the page's address is unknown, so nobody can pay on it.
        logger.warning("payment page %s: %s", attempt.pk, error)
        give_up(attempt_id=attempt.pk, status=PaymentAttempt.Status.FAILED, error=str(error), now=now)
        raise PaymentUnavailable from error
    except GatewayUnreachable as error:
        attempt.refresh_from_db()
        if attempt.status == PaymentAttempt.Status.OPEN:  # opened by another click meanwhile
            return attempt
        raise PaymentUnavailable from error
    record_page(attempt_id=attempt.pk, page=page, by=system("payment-page"), now=now)
    attempt.refresh_from_db()
    return attempt


@durable
def give_up(*, attempt_id: int, status: PaymentAttempt.Status, error: str, now: datetime) -> bool:
    """End a live attempt that can lead to no payment; False if it had ended before."""
    live = PaymentAttempt.objects.filter(pk=attempt_id, status__in=LIVE)
    return live.update(status=status, error=error[:120], settled_at=now, asked_at=now) == 1


def ask(*, attempt: PaymentAttempt, now: datetime) -> PaymentAttempt:
    """Ask the provider for the state of a live page and record it (F58).

    A planned page is opened. Raises GatewayUnreachable, PaymentUnavailable.
    """
    if attempt.status == PaymentAttempt.Status.PLANNED:
        return open_page(attempt_id=attempt.pk, now=now)
    try:
        page = gateway().page(attempt.stripe_session_id)
    except GatewayRefused as error:
        give_up(attempt_id=attempt.pk, status=PaymentAttempt.Status.FAILED, error=error.code, now=now)
    else:
        record_page(attempt_id=attempt.pk, page=page, by=system("ask"), now=now)
    attempt.refresh_from_db()
    return attempt


def close_page(*, attempt: PaymentAttempt, by: Actor, now: datetime) -> PaymentAttempt:
    """Expire a live page at the provider. If it was paid a moment before, record the payment (F47).

    Raises GatewayUnreachable, PaymentUnavailable.
    """
    if attempt.status == PaymentAttempt.Status.PLANNED:
        attempt = open_page(attempt_id=attempt.pk, now=now)
    if attempt.status == PaymentAttempt.Status.OPEN:
        try:
            page = gateway().expire_page(attempt.stripe_session_id)
        except GatewayRefused as error:
            give_up(attempt_id=attempt.pk, status=PaymentAttempt.Status.FAILED, error=error.code, now=now)
        else:
            record_page(attempt_id=attempt.pk, page=page, by=by, now=now)
        attempt.refresh_from_db()
    return attempt
