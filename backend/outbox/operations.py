"""Planning and withdrawing: what happens in the transaction of the cause. Sending is in `delivering`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.transactions import assert_in_transaction

from .claiming import claim
from .delivering import deliver
from .models import Delivery
from .nudging import nudge_on_commit
from .sweeping import sweep

__all__ = ["Planned", "claim", "deliver", "plan", "plan_many", "sweep", "withdraw"]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A delivery to be written. See `plan` for the fields."""

    key: str
    purpose: str
    channel: str
    subject: str
    subject_id: int
    receiver_id: int | None = None
    location_id: int | None = None
    due_at: datetime
    too_late_at: datetime | None = None


def plan(
    *,
    key: str,
    purpose: str,
    channel: str,
    subject: str,
    subject_id: int,
    receiver_id: int | None = None,
    location_id: int | None = None,
    due_at: datetime,
    too_late_at: datetime | None = None,
    now: datetime,
) -> Delivery:
    """Write one delivery in the caller's transaction, or return the one that has this key already.

    `key` names receiver, purpose and cause, and is planned once for ever, so a repeated event sends nothing twice.
    `location_id` says whose desk hears of it if it cannot be delivered (empty: the owner's). From `too_late_at` on
    it is missed, not sent. A row that is due now wakes a worker after the commit; a later one waits for the sweep.
    Raises RuntimeError outside a transaction (F112).
    """
    row = Planned(
        key=key,
        purpose=purpose,
        channel=channel,
        subject=subject,
        subject_id=subject_id,
        receiver_id=receiver_id,
        location_id=location_id,
        due_at=due_at,
        too_late_at=too_late_at,
    )
    return plan_many([row], now=now)[0]


def plan_many(rows: Sequence[Planned], *, now: datetime) -> list[Delivery]:
    """`plan` for several rows with two statements. Returns the rows of these keys, in the order given."""
    assert_in_transaction()
    if not rows:
        return []
    Delivery.objects.bulk_create([Delivery(**vars(row)) for row in rows], ignore_conflicts=True)
    found = {delivery.key: delivery for delivery in Delivery.objects.filter(key__in=[row.key for row in rows])}
    for delivery in found.values():
        if delivery.status == Delivery.Status.PLANNED and delivery.due_at <= now:
            nudge_on_commit(delivery.pk)
    return [found[row.key] for row in rows]


def withdraw(*, subject: str, subject_id: int, purposes: Collection[str] | None = None, now: datetime) -> int:
    """Withdraw what is planned for a cause (all of it, or some purposes); returns how many rows.

    What a worker has claimed already is not touched: its handler asks again before sending.
    """
    assert_in_transaction()
    planned = Delivery.objects.filter(subject=subject, subject_id=subject_id, status=Delivery.Status.PLANNED)
    if purposes is not None:
        planned = planned.filter(purpose__in=purposes)
    return planned.update(status=Delivery.Status.WITHDRAWN, finished_at=now)
