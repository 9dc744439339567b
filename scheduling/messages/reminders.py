"""Reminders of a part. Planning a reminder and checking before it is sent use the same function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduling.models import Booking
from scheduling.queries.people.parts import Part, Visit

from .reach import channels
from .timing import NOT_WITHIN, days_before

DAYS = {
    Booking.Kind.INTENSIVE: (21, 7, 2),
    Booking.Kind.APPOINTMENT: (7, 2),
    Booking.Kind.SEAT: (7, 2),
    Booking.Kind.SERIES: (2,),
    Booking.Kind.STANDING: (2,),
}
STALE_AFTER = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """One reminder, with instants in UTC. `visits`: one visit, or all visits of an intensive (a digest)."""

    key: str
    channel: str
    visits: list[Visit]
    due_at: datetime
    too_late_at: datetime


def reminders(part: Part) -> dict[str, Reminder]:
    """Reminders by key. A key holds the start, so a moved visit has other keys, and moved back it has the old ones.

    Each reminder uses one channel: mail is preferred far ahead, text from two days ahead.
    """
    found: dict[str, Reminder] = {}
    for visits in _occasions(part):
        for days in DAYS[Booking.Kind(part.booking.kind)]:
            channel = _channel(part, days)
            if channel is not None:
                reminder = _reminder(part, visits, days, channel)
                found[reminder.key] = reminder
    return found


def _occasions(part: Part) -> list[list[Visit]]:
    if part.booking.kind == Booking.Kind.INTENSIVE:
        return [part.visits] if part.visits else []
    return [[visit] for visit in part.visits]


def _channel(part: Part, days: int) -> str | None:
    preferred = ("sms", "email") if days <= 2 else ("email", "sms")
    chosen = channels(part)
    return next((channel for channel in preferred if channel in chosen), None)


def _reminder(part: Part, visits: list[Visit], days: int, channel: str) -> Reminder:
    start = visits[0].starts_at
    due_at = days_before(start, days, part.zone)
    return Reminder(
        key=f"reminder:{channel}:p{part.participant.pk}:{days}d:{start:%Y%m%dT%H%M}Z",
        channel=channel,
        visits=visits,
        due_at=due_at,
        too_late_at=min(due_at + STALE_AFTER, start - NOT_WITHIN),
    )
