"""Lines for looks: who opened a client's page, and who searched by what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from backend.accounts.actor import Actor
from backend.audit.models import AuditLine
from backend.audit.operations import record, record_views
from backend.transactions import durable


@durable
def note_looks(*, client_ids: Iterable[int], page: str, by: Actor, now: datetime) -> None:
    """One line per client who is shown on `page` (F143), in one statement."""
    record_views(subject="client", subject_ids=sorted(set(client_ids)), detail=page, by=by, now=now)


@durable
def note_search(*, fields: Iterable[str], found: int, by: Actor, now: datetime) -> None:
    """One line per search: the names of the fields used and how many were found, never the words typed."""
    detail = f"{', '.join(sorted(fields))}: {found} found"
    record(verb=AuditLine.Verb.SEARCH, subject="client", detail=detail, by=by, now=now)
