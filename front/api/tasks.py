"""Periodic tasks of the API."""

from celery import shared_task
from django.utils import timezone

from .idempotency import purge


@shared_task(soft_time_limit=60, time_limit=90)
def purge_kept_answers(**_: object) -> int:
    """Delete kept answers that are older than 24 hours."""
    return purge(now=timezone.now())
