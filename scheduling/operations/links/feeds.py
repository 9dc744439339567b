"""Make and revoke private calendar addresses."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from backend.accounts.actor import Actor
from backend.accounts.models import digest_of
from backend.audit.models import AuditLine
from backend.audit.operations import record
from backend.transactions import durable
from scheduling.models import FeedToken


@durable
def reset_feed(*, by: Actor, detail: str, now: datetime) -> str:
    """Make a private address for the actor's calendar and revoke the old one. Its secret is shown once (F130)."""
    assert by.user is not None
    FeedToken.objects.filter(user=by.user, revoked_at=None).update(revoked_at=now)
    secret = secrets.token_urlsafe(24)
    FeedToken.objects.create(user=by.user, digest=digest_of(secret), detail=detail, created_at=now)
    record(verb=AuditLine.Verb.CHANGE, subject="feed", subject_id=by.user.pk, detail=detail, by=by, now=now)
    return secret


def note_fetched(*, token: FeedToken, now: datetime) -> None:
    """Record when a calendar last read the feed, to 15 minutes, so that the owner sees whether it is in use."""
    if token.fetched_at is None or token.fetched_at < now - timedelta(minutes=15):
        FeedToken.objects.filter(pk=token.pk).update(fetched_at=now)


@durable
def revoke_feed(*, by: Actor, now: datetime) -> bool:
    """Revoke the private address of the actor's calendar; False if there is none."""
    assert by.user is not None
    ended = FeedToken.objects.filter(user=by.user, revoked_at=None).update(revoked_at=now)
    if ended:
        record(verb=AuditLine.Verb.CHANGE, subject="feed", subject_id=by.user.pk, detail="revoked", by=by, now=now)
    return ended == 1
