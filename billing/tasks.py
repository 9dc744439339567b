"""Sweeps of billing. Beat wakes them; they may run twice at once without harm."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from billing.operations.reconciling import reconcile as reconcile_now


@shared_task(soft_time_limit=540, time_limit=570)
def reconcile(**_: object) -> None:
    """Ask the payment provider about everything still open."""
    reconcile_now(now=timezone.now())
