"""Sweep: ask the provider about all open events, pages and refunds, as if no webhook had arrived (F58)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F

from billing.gateway import GatewayUnreachable
from billing.models import PaymentAttempt, StripeEvent
from billing.models.attempt import LIVE

from .errors import PaymentUnavailable
from .pages import ask
from .refunds import carry_out, look_up
from .webhook import process

logger = logging.getLogger(__name__)

JUST_NOW = timedelta(minutes=1)  # the request that started it may still be running
REFUND_WAITS = timedelta(minutes=10)  # the outbox carries refunds out first
KEYS_LAST = timedelta(hours=23)  # the provider may forget idempotency keys after 24 hours
LIMIT = 200


def reconcile(*, now: datetime, limit: int = LIMIT) -> int:
    """Ask about unprocessed events, live payment pages and live refunds. Returns the number that succeeded.

    A failure does not stop the others. If the provider cannot be reached, the next sweep asks again.
    """
    events = StripeEvent.objects.filter(processed_at=None, received_at__lte=now - JUST_NOW).order_by("received_at")
    live = PaymentAttempt.objects.filter(status__in=LIVE, created_at__lte=now - JUST_NOW)
    oldest = live.order_by(F("asked_at").asc(nulls_first=True), "pk")
    pages = oldest.exclude(purpose=PaymentAttempt.Purpose.REFUND)
    refunds = oldest.filter(purpose=PaymentAttempt.Purpose.REFUND, created_at__lte=now - REFUND_WAITS)
    work: list[Callable[[], object]] = [partial(process, event=event, now=now) for event in events[:limit]]
    work += [partial(ask, attempt=attempt, now=now) for attempt in pages[:limit]]
    work += [partial(_ask_refund, attempt, now=now) for attempt in refunds[:limit]]
    return sum(_done(one) for one in work)


def _done(one: Callable[[], object]) -> bool:
    try:
        one()
    except (GatewayUnreachable, PaymentUnavailable) as error:
        logger.warning("reconcile: %s", error)
        return False
    except Exception:
        logger.exception("reconcile failed")
        return False
    return True


def _ask_refund(attempt: PaymentAttempt, *, now: datetime) -> None:
    """Look for the refund first. Make it again only while the provider is sure to remember its key."""
    look_up(attempt=attempt, now=now)
    attempt.refresh_from_db()
    if attempt.status == PaymentAttempt.Status.PLANNED and now - attempt.created_at < KEYS_LAST:
        carry_out(attempt_id=attempt.pk, now=now)
