"""Resolve claims whose worker died. Running the sweep twice does no harm."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

from django.db import transaction

from backend.channels import sms

from . import recording
from .models import Delivery

logger = logging.getLogger(__name__)

STUCK_AFTER = timedelta(minutes=10)  # longer than any task may run


def sweep(*, now: datetime, limit: int = 100) -> int:
    """Resolve claims older than `STUCK_AFTER`; returns how many.

    A mail or command returns to planned and is repeated under the same Message-ID or key. A text is looked up at
    the provider by the reference stored before sending, and is never sent again (F108).
    """
    stuck = _take_over(now=now, limit=limit)
    for delivery in stuck:
        try:
            _resolve(delivery, now)
        except Exception:  # one row must not stop the rest; a later sweep finds this claim again
            logger.exception("outbox could not resolve delivery %s", delivery.pk)
    return len(stuck)


@transaction.atomic(durable=True)
def _take_over(*, now: datetime, limit: int) -> list[Delivery]:
    """Put a new claim on stuck rows, so that neither the old worker nor another sweep can record an outcome."""
    old = Delivery.objects.filter(status=Delivery.Status.CLAIMED, claimed_at__lte=now - STUCK_AFTER)
    rows = list(old.order_by("claimed_at").select_for_update(skip_locked=True, no_key=True)[:limit])
    mark = uuid.uuid4()
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(claim=mark, claimed_at=now)
    for row in rows:
        row.claim = mark
    return rows


def _resolve(delivery: Delivery, now: datetime) -> None:
    started = bool(delivery.message_id)
    if delivery.channel != Delivery.Channel.SMS or not started:
        recording.put_back(delivery=delivery, error="The worker stopped.", now=now, at_once=True)
        return
    begun_at = (delivery.claimed_at or delivery.created_at) - timedelta(minutes=1)  # clocks differ a little
    provider_id = sms.find(reference=delivery.message_id, since=begun_at)
    if provider_id:
        recording.finish(delivery=delivery, status=Delivery.Status.SENT, message_id=provider_id, now=now)
    else:
        recording.lose(delivery=delivery, now=now)
