"""Process webhooks. An event is verified and stored once; the state itself is then read from the provider."""

from __future__ import annotations

from datetime import datetime

from backend.accounts.actor import system
from backend.transactions import durable
from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item
from billing.gateway import Page
from billing.models import PaymentAttempt, StripeEvent
from billing.stripe import gateway, verify

from .events import keep, mark, mark_step
from .recording import record_page
from .refunds import record_refund

BY = system("webhook")
ABOUT_PAGES = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.expired",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
    }
)
ABOUT_PAYMENTS = frozenset({"payment_intent.succeeded"})
ABOUT_REFUNDS = frozenset({"charge.refunded", "refund.created", "refund.updated", "refund.failed"})
ABOUT_DISPUTES = frozenset({"charge.dispute.created"})


def receive(*, payload: bytes, signature: str, now: datetime) -> StripeEvent:
    """Verify, store and process one webhook. An error after storing leaves the event unprocessed (F51).

    Raises BadSignature before the event is stored; GatewayUnreachable and database errors after.
    """
    event = keep(notice=verify(payload, signature, now=now), now=now)
    if event.processed_at is None:
        process(event=event, now=now)
        event.refresh_from_db()
    return event


def process(*, event: StripeEvent, now: datetime) -> None:
    """Process a stored event from the provider's current state. May run twice, or late (F56)."""
    if event.type in ABOUT_PAGES | ABOUT_PAYMENTS:
        _about_payment(event, now=now)
    elif event.type in ABOUT_REFUNDS:
        _about_refunds(event, now=now)
    elif event.type in ABOUT_DISPUTES:
        _about_dispute(event, now=now)
    else:
        mark(event_id=event.pk, outcome="ignored", now=now)


def _about_payment(event: StripeEvent, *, now: datetime) -> None:
    attempt = _attempt_of(event)
    if attempt is None:
        _not_ours(event, now=now)
        return
    page = _page_of(event, attempt)
    if page is None:
        mark(event_id=event.pk, outcome="ignored", now=now)
    else:
        record_page(attempt_id=attempt.pk, page=page, by=BY, now=now, event_id=event.pk)


def _attempt_of(event: StripeEvent) -> PaymentAttempt | None:
    """The payment attempt that an event is about, found by our token or by the provider's ids; None if not ours."""
    payments = PaymentAttempt.objects.exclude(purpose=PaymentAttempt.Purpose.REFUND)
    found = payments.filter(token=event.token).first() if event.token else None
    if found is None and event.object_id and event.type in ABOUT_PAGES:
        found = payments.filter(stripe_session_id=event.object_id).first()
    if found is None and event.intent_id:
        found = payments.filter(stripe_intent_id=event.intent_id).first()
    return found


def _page_of(event: StripeEvent, attempt: PaymentAttempt) -> Page | None:
    if event.type in ABOUT_PAGES:
        return gateway().page(event.object_id)
    if attempt.stripe_session_id:
        return gateway().page(attempt.stripe_session_id)
    return gateway().page_of(event.intent_id)


def _about_refunds(event: StripeEvent, *, now: datetime) -> None:
    """Record all refunds of the payment, then mark the event: one charge may have several refunds."""
    if not PaymentAttempt.objects.filter(stripe_intent_id=event.intent_id).exclude(stripe_intent_id="").exists():
        _not_ours(event, now=now)
        return
    for refund in gateway().refunds_of(event.intent_id):
        record_refund(refund=refund, by=BY, now=now)
    mark(event_id=event.pk, outcome="recorded", now=now)


@durable
def _about_dispute(event: StripeEvent, *, now: datetime) -> None:
    attempt = _attempt_of(event)
    if attempt is None:
        mark_step(event_id=event.pk, outcome="ignored", now=now)
        return
    open_item(
        kind=WorkItem.Kind.ODD_MONEY,
        key=f"dispute:{event.object_id}",
        subject="booking",
        subject_id=attempt.booking_id,
        location_id=attempt.booking.location_id,
        words="The cardholder disputes a payment. Answer it at the provider before its deadline.",
        now=now,
    )
    mark_step(event_id=event.pk, outcome="odd", now=now)


@durable
def _not_ours(event: StripeEvent, *, now: datetime) -> None:
    """Mark an event about an unknown payment as done (F59). With our token on it, open a work item as well."""
    if event.token is not None:
        open_item(
            kind=WorkItem.Kind.ODD_MONEY,
            key=f"unknown:{event.object_id}",
            subject="stripe_event",
            subject_id=event.pk,
            words="The provider reports a payment that carries our mark, but we know of no such payment.",
            now=now,
        )
    mark_step(event_id=event.pk, outcome="odd" if event.token else "ignored", now=now)
