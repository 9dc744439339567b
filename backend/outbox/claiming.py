"""Claiming: a short transaction in which a worker takes rows that are due. Two workers never take the same."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from .models import Delivery


def due(*, now: datetime) -> QuerySet[Delivery]:
    """Planned rows that are due, oldest first, as the partial index `delivery_due` keeps them."""
    return Delivery.objects.filter(status=Delivery.Status.PLANNED, due_at__lte=now).order_by("due_at", "id")


def claim(*, limit: int, now: datetime) -> list[Delivery]:
    """Take up to `limit` due rows that nobody else is taking."""
    return _take(due(now=now), limit=limit, now=now)


def claim_one(*, delivery_id: int, now: datetime) -> Delivery | None:
    """Take this row if it is still planned and due; None if it is not, or somebody else has it."""
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
