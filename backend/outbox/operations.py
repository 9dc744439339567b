"""Plan and withdraw deliveries in the transaction of their cause. `delivering` sends them."""

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
    """A delivery to write.

    `key` names receiver, purpose and cause. `location_id` names the location whose desk is told if delivery fails
    (empty: the owner). From `too_late_at` on the delivery is missed, not sent.
    """

    key: str
    purpose: str
    channel: str
    subject: str
    subject_id: int
    receiver_id: int | None = None
    location_id: int | None = None
    due_at: datetime
    too_late_at: datetime | None = None


def plan(row: Planned, *, now: datetime) -> Delivery:
    """Write one delivery, as `plan_many` does for several."""
    return plan_many([row], now=now)[0]


def plan_many(rows: Sequence[Planned], *, now: datetime) -> list[Delivery]:
    """Write deliveries in one statement, in the caller's transaction. Returns them with ids, in the order given.

    The row of an existing key is left unchanged, so a repeated event sends nothing twice; the returned delivery then
    has that row's id and the fields given here. A row that is due now wakes a worker after the commit; a later one
    waits for the sweep. Raises RuntimeError outside a transaction (F112).
    """
    assert_in_transaction()
    if not rows:
        return []
    by_key = {row.key: Delivery(**vars(row)) for row in sorted(rows, key=lambda row: row.key)}
    # Updating `key` to itself changes nothing, and makes the statement return the ids of existing rows too.
    Delivery.objects.bulk_create(by_key.values(), update_conflicts=True, unique_fields=["key"], update_fields=["key"])
    for delivery in by_key.values():
        if delivery.due_at <= now:  # if the row has been sent or withdrawn, the worker finds nothing to do
            nudge_on_commit(delivery.pk)
    return [by_key[row.key] for row in rows]


def withdraw(*, subject: str, subject_id: int, purposes: Collection[str] | None = None, now: datetime) -> int:
    """Withdraw the planned deliveries of a cause, all or those of some purposes; returns how many.

    A delivery that a worker has claimed is left alone: its handler checks again before sending.
    """
    assert_in_transaction()
    planned = Delivery.objects.filter(subject=subject, subject_id=subject_id, status=Delivery.Status.PLANNED)
    if purposes is not None:
        planned = planned.filter(purpose__in=purposes)
    return planned.update(status=Delivery.Status.WITHDRAWN, finished_at=now)
