"""Verify webhooks: the signature of the raw bytes, and its time within five minutes of now (F54, F56)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from stripe import SignatureVerificationError, Webhook, WebhookSignature

from billing.gateway import BadSignature, Notice

from .translate import instant, notice_from

TOLERANCE = timedelta(minutes=5)


def verify(payload: bytes, signature: str, *, now: datetime) -> Notice:
    """Check the signature of a webhook; returns its notice. Raises BadSignature, also for an unreadable payload."""
    secret = settings.STRIPE_WEBHOOK_SECRET
    try:
        WebhookSignature.verify_header(payload, signature, secret)
        # stripe-python checks for old timestamps only, and reads the clock itself.
        if abs(instant(_signed_at(signature)) - now) > TOLERANCE:
            raise BadSignature("signed too long ago or in the future")
        return notice_from(Webhook.construct_event(payload, signature, secret, tolerance=0))
    except (SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise BadSignature(type(error).__name__) from None


def _signed_at(signature: str) -> int:
    return int(next(part[2:] for part in signature.split(",") if part.startswith("t=")))
