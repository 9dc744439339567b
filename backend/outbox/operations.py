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
    """A delivery to be written.

    `key` names receiver, purpose and cause. `location_id` says whose desk hears of it if it cannot be delivered
    (empty: the owner's). From `too_late_at` on it is missed, not sent.
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
    """`plan_many` for one row."""
    return plan_many([row], now=now)[0]


def plan_many(rows: Sequence[Planned], *, now: datetime) -> list[Delivery]:
    """Write deliveries in the caller's transaction, in one statement. Returns them with their ids, in the order
    given.

    A key that was planned before keeps its row as it is: it is planned once for ever, so a repeated event sends nothing
    twice. A row that is due now wakes a worker after the commit; a later one waits for the sweep. Raises RuntimeError
    outside a transaction (F112).
    """
    assert_in_transaction()
    if not rows:
        return []
    wanted = {row.key: Delivery(**vars(row)) for row in sorted(rows, key=lambda row: row.key)}
    # A key that is there is written to itself: so the statement returns the id of every row, and changes none.
    Delivery.objects.bulk_create(wanted.values(), update_conflicts=True, unique_fields=["key"], update_fields=["key"])
    for delivery in wanted.values():
        if delivery.due_at <= now:  # sent or withdrawn meanwhile, the worker finds nothing to do
            nudge_on_commit(delivery.pk)
    return [wanted[row.key] for row in rows]


def withdraw(*, subject: str, subject_id: int, purposes: Collection[str] | None = None, now: datetime) -> int:
    """Withdraw what is planned for a cause (all of it, or some purposes); returns how many rows.

    What a worker has claimed already is not touched: its handler asks again before sending.
    """
    assert_in_transaction()
    planned = Delivery.objects.filter(subject=subject, subject_id=subject_id, status=Delivery.Status.PLANNED)
    if purposes is not None:
        planned = planned.filter(purpose__in=purposes)
    return planned.update(status=Delivery.Status.WITHDRAWN, finished_at=now)
