"""Verifying what arrives at the webhook: raw bytes, our secret, and within five minutes either way (F54, F56)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from stripe import SignatureVerificationError, Webhook, WebhookSignature

from billing.gateway import BadSignature, Notice

from .translate import instant, notice_from

TOLERANCE = timedelta(minutes=5)


def verify(payload: bytes, signature: str, *, now: datetime) -> Notice:
    """Check a webhook and say what it is about. Raises BadSignature, also for bytes that cannot be read."""
    secret = settings.STRIPE_WEBHOOK_SECRET
    try:
        WebhookSignature.verify_header(payload, signature, secret)
        # stripe-python looks at the past only, and by its own clock.
        if abs(instant(_signed_at(signature)) - now) > TOLERANCE:
            raise BadSignature("signed at another time")
        return notice_from(Webhook.construct_event(payload, signature, secret, tolerance=0))
    except (SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise BadSignature(type(error).__name__) from None


def _signed_at(signature: str) -> int:
    return int(next(part[2:] for part in signature.split(",") if part.startswith("t=")))
