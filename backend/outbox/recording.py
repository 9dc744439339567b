"""Record the outcome of a claimed row. Every update checks the claim, so a worker that lost it changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item

from .models import Delivery

# Minutes until the next try; after the last one the delivery fails and opens a work item.
BACK_OFF_MINUTES = (1, 2, 5, 15, 60, 180)


def begin(*, delivery: Delivery, reference: str, now: datetime) -> bool:
    """Store the reference just before sending and renew the claim; False if the claim is no longer ours."""
    delivery.message_id = reference
    return _change(delivery, message_id=reference, claimed_at=now)


def finish(*, delivery: Delivery, status: Delivery.Status, now: datetime, **fields: Any) -> bool:
    """End the delivery with `status`; False if the claim is no longer ours."""
    return _change(delivery, status=status, claim=None, finished_at=now, **fields)


def postpone(*, delivery: Delivery, until: datetime, now: datetime) -> None:
    """Return the row to planned until `until` without counting a try; record it as missed if that is too late."""
    if delivery.too_late_at is not None and delivery.too_late_at <= until:
        miss(delivery=delivery, now=now)
    else:
        _back_to_planned(delivery, due_at=until, attempts=max(delivery.attempts - 1, 0))


def put_back(*, delivery: Delivery, error: str, now: datetime, at_once: bool = False) -> None:
    """Return the row to planned for a retry after a growing pause (or at once); fail it after the last try."""
    if delivery.attempts > len(BACK_OFF_MINUTES):
        fail(delivery=delivery, error=error, now=now)
        return
    pause = timedelta(minutes=BACK_OFF_MINUTES[max(delivery.attempts, 1) - 1])
    _back_to_planned(delivery, due_at=now if at_once else now + pause, error=error[:200])


@transaction.atomic(durable=True)
def fail(*, delivery: Delivery, error: str, now: datetime) -> None:
    """Record that the delivery will not be sent, and tell the desk."""
    if finish(delivery=delivery, status=Delivery.Status.FAILED, error=error[:200], now=now):
        _tell_desk(delivery, "could not be delivered. Contact the person another way they agreed to.", now)


@transaction.atomic(durable=True)
def miss(*, delivery: Delivery, now: datetime) -> None:
    """Record that the delivery was not sent in time, and tell the desk (F114)."""
    if finish(delivery=delivery, status=Delivery.Status.MISSED, now=now):
        _tell_desk(delivery, "was not sent in time. Check whether the person needs a call.", now)


@transaction.atomic(durable=True)
def lose(*, delivery: Delivery, now: datetime) -> None:
    """Record that the fate of the delivery is unknown, never send it again, and tell the desk (F108)."""
    if finish(delivery=delivery, status=Delivery.Status.UNKNOWN, now=now):
        _tell_desk(delivery, "may or may not have arrived. Ask the person, in a way they agreed to.", now)


def _back_to_planned(delivery: Delivery, **fields: Any) -> bool:
    return _change(delivery, status=Delivery.Status.PLANNED, claim=None, claimed_at=None, **fields)


def _change(delivery: Delivery, **fields: Any) -> bool:
    ours = Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.CLAIMED, claim=delivery.claim)
    return ours.update(**fields) == 1


_NOUNS = {"email": "An email", "sms": "A text", "command": "A task"}


def _tell_desk(delivery: Delivery, words: str, now: datetime) -> None:
    open_item(
        kind=WorkItem.Kind.UNDELIVERED,
        key=f"undelivered:{delivery.pk}",
        subject=delivery.subject,
        subject_id=delivery.subject_id,
        words=f"{_NOUNS[delivery.channel]} ({delivery.purpose.replace('_', ' ')}) {words}",
        location_id=delivery.location_id,
        now=now,
    )
