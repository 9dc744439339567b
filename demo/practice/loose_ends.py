"""Work items for the desk: a reminder that was not sent in time, and a cohort with too few people."""

from __future__ import annotations

from datetime import timedelta

from backend.outbox.claiming import claim_one
from backend.outbox.delivering import deliver
from backend.outbox.models import Delivery
from scheduling.operations.groups.plan_group import report_short_cohorts

from .scene import Scene


def add_loose_ends(scene: Scene) -> None:
    """Add both, as the sweeps would."""
    report_short_cohorts(now=scene.now)
    if not Delivery.objects.filter(status=Delivery.Status.MISSED).exists():
        _miss_a_reminder(scene)


def _miss_a_reminder(scene: Scene) -> None:
    """Set the next reminder back, as if no worker had run when it was due."""
    planned = Delivery.objects.filter(status=Delivery.Status.PLANNED, purpose="reminder", due_at__gt=scene.now)
    row = planned.order_by("due_at", "pk").first()
    if row is None:
        return
    late = scene.now - timedelta(hours=1)
    Delivery.objects.filter(pk=row.pk).update(due_at=late - timedelta(hours=1), too_late_at=late)
    claimed = claim_one(delivery_id=row.pk, now=scene.now)
    if claimed is not None:
        deliver(delivery=claimed, now=scene.now)
