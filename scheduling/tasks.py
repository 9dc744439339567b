"""Periodic tasks of scheduling. Each calls one operation."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from scheduling.operations.bookings.continue_standing import continue_due
from scheduling.operations.bookings.expire import expire_due
from scheduling.operations.groups.plan_group import report_short_cohorts


@shared_task(soft_time_limit=45, time_limit=60)
def expire_holds(**_: object) -> None:
    """Expire holds whose deadline has passed."""
    expire_due(now=timezone.now())


@shared_task(soft_time_limit=45, time_limit=60)
def short_cohorts(**_: object) -> None:
    """Open work items for cohorts whose enrollment ended with too few people."""
    report_short_cohorts(now=timezone.now())


@shared_task(soft_time_limit=540, time_limit=600)
def continue_standing(**_: object) -> None:
    """Extend standing appointments to 26 weeks ahead."""
    continue_due(now=timezone.now())
