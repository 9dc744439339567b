"""Periodic tasks of billing. Two runs at the same time do no harm."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from billing.operations.reconciling import reconcile as reconcile_now


@shared_task(soft_time_limit=540, time_limit=570)
def reconcile(**_: object) -> None:
    """Ask the payment provider about every open event, page and refund."""
    reconcile_now(now=timezone.now())
