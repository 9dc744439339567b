"""Celery tasks of the outbox. They take ids and are bounded in time."""

from __future__ import annotations

import time
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from . import claiming, delivering, sweeping

SOFT_SECONDS, HARD_SECONDS = 90, 120  # far below sweeping.STUCK_AFTER
SWEEP_SECONDS = 50.0


@shared_task(soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def deliver_one(*, delivery_id: int, **_: object) -> None:
    """Deliver one row that has just been planned, unless another worker has claimed it."""
    now = timezone.now()
    delivery = claiming.claim_one(delivery_id=delivery_id, now=now)
    if delivery is not None:
        delivering.deliver(delivery=delivery, now=now)


@shared_task(soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def sweep(**_: object) -> None:
    """Resolve stuck claims, then deliver due rows until none are left or `SWEEP_SECONDS` have passed."""
    sweeping.sweep(now=timezone.now())
    deliver_due(until=time.monotonic() + SWEEP_SECONDS)


def deliver_due(*, until: float, now: datetime | None = None) -> int:
    """Deliver due rows while the monotonic clock is before `until`; returns how many.

    Rows are claimed one at a time, so that no claim ages while it waits for others. `now` freezes the wall clock.
    """
    done = 0
    while time.monotonic() < until:
        at = now or timezone.now()
        taken = claiming.claim(limit=1, now=at)
        if not taken:
            break
        delivering.deliver(delivery=taken[0], now=at)
        done += 1
    return done
