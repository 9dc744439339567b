"""Delivery rows of a part: who is told what, by which channel, and until when it makes sense. Keys never repeat."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from backend.outbox.operations import Planned
from scheduling.models import CalendarObject
from scheduling.queries.people.parts import Part

from .reach import awaits_introduction, channels
from .reminders import reminders
from .timing import after_quiet


def notice_rows(
    purpose: str,
    part: Part,
    *,
    due_at: datetime,
    only: Collection[str] | None = None,
    stamp: datetime | None = None,
    keep: timedelta | None = None,
) -> list[Planned]:
    """One row for each chosen channel. `stamp` tells repeated events apart; `keep` is how long it stays worth saying
    (by default, until the last visit is over). Texts wait for the end of the quiet hours.
    """
    suffix = f":{stamp:%Y%m%dT%H%M%S%f}" if stamp else ""
    return [
        _row(
            part,
            key=f"{purpose}:{channel}:p{part.participant.pk}{suffix}",
            purpose=purpose,
            channel=channel,
            due_at=after_quiet(due_at, part.zone) if channel == "sms" else due_at,
            too_late_at=due_at + keep if keep else _until(part),
        )
        for channel in channels(part)
        if only is None or channel in only
    ]


def reminder_rows(part: Part, *, now: datetime) -> list[Planned]:
    """The reminders that still lie ahead: none for what was due before now, so none on the same day."""
    return [
        _row(
            part,
            key=reminder.key,
            purpose="reminder",
            channel=reminder.channel,
            due_at=reminder.due_at,
            too_late_at=reminder.too_late_at,
        )
        for reminder in reminders(part).values()
        if reminder.due_at > now
    ]


def introduction_row(part: Part, *, due_at: datetime) -> list[Planned]:
    """The one neutral mail to a partner who has not chosen yet; its key is planned once, ever (promise 10)."""
    if not awaits_introduction(part):
        return []
    key = f"partner_introduction:p{part.participant.pk}"
    return [
        _row(
            part,
            key=key,
            purpose="partner_introduction",
            channel="email",
            due_at=due_at,
            too_late_at=part.visits[0].starts_at if part.visits else None,
        )
    ]


def invite(part: Part, entry: CalendarObject, *, due_at: datetime) -> Planned:
    """The mail that carries the calendar object in its present SEQUENCE."""
    return _row(
        part,
        key=invite_key(entry),
        purpose="invite",
        channel="email",
        due_at=due_at,
        too_late_at=_until(part),
    )


def invite_key(entry: CalendarObject, sequence: int | None = None) -> str:
    """The key of the mail that carries `entry` in its present SEQUENCE, or in an earlier one."""
    return f"invite:c{entry.pk}:{entry.sequence if sequence is None else sequence}"


def _row(
    part: Part, *, key: str, purpose: str, channel: str, due_at: datetime, too_late_at: datetime | None
) -> Planned:
    return Planned(
        key=key,
        purpose=purpose,
        channel=channel,
        subject="participant",
        subject_id=part.participant.pk,
        receiver_id=part.client.pk,
        location_id=part.booking.location_id,
        due_at=due_at,
        too_late_at=too_late_at,
    )


def _until(part: Part) -> datetime | None:
    return part.visits[-1].ends_at if part.visits else None
