"""What workers run: ids in, one operation, bounded in time."""

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
    """Deliver one row that has just been planned, unless somebody was faster."""
    now = timezone.now()
    delivery = claiming.claim_one(delivery_id=delivery_id, now=now)
    if delivery is not None:
        delivering.deliver(delivery=delivery, now=now)


@shared_task(soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def sweep(**_: object) -> None:
    """Every minute: resolve what is stuck, then deliver what is due until nothing is left or the minute is over."""
    sweeping.sweep(now=timezone.now())
    deliver_due(until=time.monotonic() + SWEEP_SECONDS)


def deliver_due(*, until: float, now: datetime | None = None) -> int:
    """Deliver due rows while the monotonic clock is before `until`; returns how many.

    Each is claimed by itself, so that no claim grows old in a queue. `now` freezes the wall clock.
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
