"""Translate Stripe's objects into billing's. Stripe's objects are not dicts and have no `.get` (F57)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from stripe import Event, PaymentIntent, StripeObject
from stripe import Refund as StripeRefund
from stripe.checkout import Session

from billing.gateway import Notice, Page, PageStatus, Payment, Refund, RefundStatus

TOKEN = "attempt"  # noqa: S105 - the metadata key that carries our opaque id
_REFUNDS = {
    "succeeded": RefundStatus.SUCCEEDED,
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.PENDING,
}


def page_from(session: Session) -> Page:
    """The page of a Checkout Session, with its payment if the intent is expanded and succeeded."""
    return Page(
        session_id=session.id,
        status=PageStatus(session.status or "open"),
        url=session.url or "",
        expires_at=instant(session.expires_at),
        token=token_of(session),
        customer_id=id_of(session.customer),
        payment=_payment(session),
    )


def _payment(session: Session) -> Payment | None:
    intent = session.payment_intent
    if not isinstance(intent, PaymentIntent) or intent.status != "succeeded":
        return None
    return Payment(
        intent_id=intent.id,
        received_cents=intent.amount_received,
        currency=intent.currency,
        customer_id=id_of(intent.customer),
        payment_method_id=id_of(intent.payment_method),
    )


def refund_from(refund: StripeRefund) -> Refund:
    """The refund of a Stripe Refund. Every status except succeeded, pending and requires_action is failed (F63)."""
    return Refund(
        refund_id=refund.id,
        intent_id=id_of(refund.payment_intent),
        status=_REFUNDS.get(refund.status or "", RefundStatus.FAILED),
        amount_cents=refund.amount,
        currency=refund.currency,
        token=token_of(refund),
        error=str(field(refund, "failure_reason") or ""),
    )


def notice_from(event: Event) -> Notice:
    """The ids, type and time of an event, without its snapshot of the object."""
    subject = event.data.object
    is_intent = field(subject, "object") == "payment_intent"
    return Notice(
        event_id=event.id,
        type=event.type,
        object_id=str(field(subject, "id") or ""),
        intent_id=id_of(field(subject, "id" if is_intent else "payment_intent")),
        token=token_of(subject),
        happened_at=instant(event.created),
    )


def field(thing: Any, name: str) -> Any:
    """The value of a field, or None if this object or API version does not have it."""
    return getattr(thing, name, None)


def token_of(thing: Any) -> str:
    """Our opaque id in an object's metadata, or an empty string."""
    metadata = field(thing, "metadata")
    return str(field(metadata, TOKEN) or "") if metadata else ""


def id_of(reference: str | StripeObject | None) -> str:
    """The id in a reference, expanded or not; empty without one."""
    return reference if isinstance(reference, str) else str(reference["id"]) if reference else ""


def instant(seconds: int) -> datetime:
    """The UTC instant of a Unix timestamp in seconds."""
    return datetime.fromtimestamp(seconds, UTC)
