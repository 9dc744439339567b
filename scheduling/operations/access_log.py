"""Audit lines for reading: who opened a client's page, and which fields a search used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from backend.accounts.actor import Actor
from backend.audit.models import AuditLine
from backend.audit.operations import record, record_views
from backend.transactions import durable


@durable
def note_looks(*, client_ids: Iterable[int], page: str, by: Actor, now: datetime) -> None:
    """Write one audit line for each client shown on `page` (F143), in one statement."""
    record_views(subject="client", subject_ids=sorted(set(client_ids)), detail=page, by=by, now=now)


@durable
def note_search(*, fields: Iterable[str], found: int, by: Actor, now: datetime) -> None:
    """Write one audit line for a search: the names of the fields used and the number found, never the words typed."""
    detail = f"{', '.join(sorted(fields))}: {found} found"
    record(verb=AuditLine.Verb.SEARCH, subject="client", detail=detail, by=by, now=now)
