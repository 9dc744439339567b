"""Write audit lines, in the same transaction as the change or view they record."""

from collections.abc import Iterable
from datetime import datetime

from backend.accounts.actor import Actor

from .models import AuditLine


def record(
    *, verb: AuditLine.Verb, subject: str, subject_id: object = "", detail: str = "", by: Actor, now: datetime
) -> AuditLine:
    """Append one line. `detail` may hold field names and counts, never text that a person typed (promise 14)."""
    return record_many(verb=verb, subject=subject, subject_ids=[subject_id], detail=detail, by=by, now=now)[0]


def record_many(
    *,
    verb: AuditLine.Verb,
    subject: str,
    subject_ids: Iterable[object],
    detail: str = "",
    by: Actor,
    now: datetime,
) -> list[AuditLine]:
    """Append the same line for several subjects, in one statement."""
    return AuditLine.objects.bulk_create(
        AuditLine(
            at=now,
            actor=str(by),
            user=by.user,
            verb=verb,
            subject=subject,
            subject_id=str(subject_id),
            detail=detail,
            request_id=by.request_id,
        )
        for subject_id in subject_ids
    )


def record_views(*, subject: str, subject_ids: Iterable[object], detail: str = "", by: Actor, now: datetime) -> None:
    """Append one line for each row shown in a list, in one statement."""
    record_many(verb=AuditLine.Verb.VIEW, subject=subject, subject_ids=subject_ids, detail=detail, by=by, now=now)
