"""What beat wakes."""

from celery import shared_task
from django.utils import timezone

from .idempotency import purge


@shared_task(soft_time_limit=60, time_limit=90)
def purge_kept_answers(**_: object) -> int:
    """Every hour: forget answers that were kept for repeated calls."""
    return purge(now=timezone.now())
