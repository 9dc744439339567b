"""Delivery rows of a part: purpose, channel, and the time from which and until which to send. Keys are unique."""

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
    """One row for each chosen channel. Texts wait for the end of the quiet hours.

    `only`: channels to use at most. `stamp` makes the keys of repeated events differ. `keep`: how long after `due_at`
    the message is still sent; by default, until the last visit ends.
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
    """Rows of the reminders that are due after `now`."""
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
    """The neutral mail to a partner who has not chosen yet. Its key has no stamp, so it is sent once (promise 10)."""
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
    """The mail that carries the calendar object with its current SEQUENCE."""
    return _row(
        part,
        key=invite_key(entry),
        purpose="invite",
        channel="email",
        due_at=due_at,
        too_late_at=_until(part),
    )


def invite_key(entry: CalendarObject, sequence: int | None = None) -> str:
    """Delivery key of the mail that carries `entry` with this SEQUENCE, by default the current one."""
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
