"""Claim due rows for a worker in a short transaction. Two workers never claim the same row."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from .models import Delivery


def due(*, now: datetime) -> QuerySet[Delivery]:
    """Planned rows that are due, earliest first, in the order of the partial index `delivery_due`."""
    return Delivery.objects.filter(status=Delivery.Status.PLANNED, due_at__lte=now).order_by("due_at", "id")


def claim(*, limit: int, now: datetime) -> list[Delivery]:
    """Claim up to `limit` due rows that no other worker has locked."""
    return _take(due(now=now), limit=limit, now=now)


def claim_one(*, delivery_id: int, now: datetime) -> Delivery | None:
    """Claim this row if it is still planned and due; None if it is not, or if another worker has locked it."""
    return next(iter(_take(due(now=now).filter(pk=delivery_id), limit=1, now=now)), None)


@transaction.atomic(durable=True)
def _take(rows: QuerySet[Delivery], *, limit: int, now: datetime) -> list[Delivery]:
    taken = list(rows.select_for_update(skip_locked=True, no_key=True)[:limit])
    mark = uuid.uuid4()
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in taken]).update(
        status=Delivery.Status.CLAIMED, claim=mark, claimed_at=now, attempts=F("attempts") + 1
    )
    for delivery in taken:
        delivery.status, delivery.claim, delivery.claimed_at = Delivery.Status.CLAIMED, mark, now
        delivery.attempts += 1
    return taken
