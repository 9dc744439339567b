"""Open and resolve work items."""

from datetime import datetime

from backend.accounts.actor import Actor

from .models import WorkItem


def open_item(
    *,
    kind: WorkItem.Kind,
    key: str,
    subject: str,
    subject_id: object,
    words: str,
    location_id: int | None = None,
    now: datetime,
) -> WorkItem:
    """Open an item, or return the open item with the same key. Runs inside the caller's transaction."""
    WorkItem.objects.bulk_create(
        [
            WorkItem(
                kind=kind,
                key=key,
                subject=subject,
                subject_id=str(subject_id),
                words=words,
                location_id=location_id,
                opened_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    return WorkItem.objects.get(key=key, resolved_at=None)


def resolve(*, item: WorkItem, resolution: str, by: Actor, now: datetime) -> bool:
    """Close an open item; False if it was already closed."""
    changed = WorkItem.objects.filter(pk=item.pk, resolved_at=None).update(
        resolved_at=now, resolved_by=by.user, resolution=resolution
    )
    return changed == 1
