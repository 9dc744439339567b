"""Pure: when a person may be reminded. Wall time of the recipient only to decide, instants outside."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(8, 0), time(21, 0)
EVENING = time(20, 0)  # where something too early is moved to, the day before
NOT_WITHIN = timedelta(hours=2)  # a reminder later than this before the visit helps nobody (F114)


def is_quiet(at: datetime, zone: ZoneInfo) -> bool:
    """True outside 08:00 to 21:00 of the recipient (47 CFR 64.1200(c)(1), kept for every text; F115)."""
    return not OPENS <= at.astimezone(zone).time() < CLOSES


def after_quiet(at: datetime, zone: ZoneInfo) -> datetime:
    """`at` itself, or the next 08:00 of the recipient. Aware UTC."""
    local = at.astimezone(zone)
    if not is_quiet(at, zone):
        return at
    return _instant(local.date() + timedelta(days=local.time() >= CLOSES), OPENS, zone)


def days_before(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same wall time `days` calendar days earlier where the recipient lives, moved out of the quiet hours.

    Always moved to an earlier moment, never to a later one. Aware UTC; a wall time that the clock skips is read
    as if it had not changed yet, one that comes twice is the first.
    """
    local = start.astimezone(zone)
    day = local.date() - timedelta(days=days)
    if local.time() < OPENS:
        return _instant(day - timedelta(days=1), EVENING, zone)
    if local.time() >= CLOSES:
        return _instant(day, EVENING, zone)
    return _instant(day, local.time(), zone)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
