"""Sweeps of scheduling. Each is one operation; beat wakes them every minute."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from scheduling.operations.expiring import expire_due


@shared_task(soft_time_limit=45, time_limit=60)
def expire_holds(**_: object) -> None:
    """Give back the time of holds whose deadline has passed."""
    expire_due(now=timezone.now())
