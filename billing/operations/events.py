"""Store webhook events once, and mark them done in the transaction that did the work (F50, F51)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from backend.transactions import assert_in_transaction, durable
from billing.gateway import Notice
from billing.models import StripeEvent


@durable
def keep(*, notice: Notice, now: datetime) -> StripeEvent:
    """Store a verified event, or return the row stored before."""
    row = StripeEvent(
        event_id=notice.event_id,
        type=notice.type,
        object_id=notice.object_id,
        intent_id=notice.intent_id,
        token=_uuid(notice.token),
        happened_at=notice.happened_at,
        received_at=now,
    )
    StripeEvent.objects.bulk_create([row], ignore_conflicts=True)
    return StripeEvent.objects.get(event_id=notice.event_id)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def mark_step(*, event_id: int, outcome: str, now: datetime) -> None:
    """Mark an event as processed. The first outcome stays."""
    assert_in_transaction()
    StripeEvent.objects.filter(pk=event_id, processed_at=None).update(outcome=outcome, processed_at=now)


mark = durable(mark_step)
