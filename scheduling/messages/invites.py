"""Plan calendar invites: one UID per client and booking; a change raises SEQUENCE in its own transaction (F83)."""

from __future__ import annotations

import uuid
from datetime import datetime

from backend.outbox.operations import Planned
from scheduling.models import CalendarObject, Practice
from scheduling.queries.people.parts import Part

from .reach import wants_invites
from .rows import invite


def invite_rows_step(part: Part, *, due_at: datetime, now: datetime, changed: bool = False) -> list[Planned]:
    """Plan the REQUEST. Creates the calendar object if there is none; `changed` raises the SEQUENCE of an old one."""
    if not wants_invites(part) or not part.visits:
        return []
    entry, is_new = CalendarObject.objects.get_or_create(
        client=part.client,
        booking=part.booking,
        defaults={
            "uid": str(uuid.uuid4()),
            "organizer": Practice.objects.values_list("email", flat=True).get(),
            "last_method": CalendarObject.Method.REQUEST,
            "stamped_at": now,
        },
    )
    if changed and not is_new:
        _raise_step(entry, method=CalendarObject.Method.REQUEST, now=now)
    return [invite(part, entry, due_at=due_at)]


def cancel_rows_step(part: Part, *, due_at: datetime, now: datetime) -> list[Planned]:
    """Plan the CANCEL if the person may have received a REQUEST, even if they opted out since (F84)."""
    entry = CalendarObject.objects.filter(client=part.client, booking=part.booking).first()
    if entry is None:
        return []
    if entry.last_method != CalendarObject.Method.CANCEL:
        _raise_step(entry, method=CalendarObject.Method.CANCEL, now=now)
    return [invite(part, entry, due_at=due_at)]


def _raise_step(entry: CalendarObject, *, method: CalendarObject.Method, now: datetime) -> None:
    entry.sequence += 1
    entry.last_method, entry.stamped_at = method, now
    entry.save(update_fields=["sequence", "last_method", "stamped_at"])
