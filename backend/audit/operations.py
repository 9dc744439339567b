"""Writing audit lines. A line is written in the transaction of the change or look that it records."""

from datetime import datetime

from backend.accounts.actor import Actor

from .models import AuditLine


def record(
    *, verb: AuditLine.Verb, subject: str, subject_id: object = "", detail: str = "", by: Actor, now: datetime
) -> AuditLine:
    """Append one line. `detail` may name fields and counts, never what a person typed (promise 14)."""
    return AuditLine.objects.create(
        at=now,
        actor=str(by),
        user=by.user,
        verb=verb,
        subject=subject,
        subject_id=str(subject_id),
        detail=detail,
        request_id=by.request_id,
    )
