"""When a message may be sent to a person. Pure. Takes and returns instants; the recipient's wall time decides."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(8, 0), time(21, 0)
EVENING = time(20, 0)  # a reminder due in the quiet hours moves to the evening before them
NOT_WITHIN = timedelta(hours=2)  # closer to the visit, a reminder comes too late to help (F114)


def is_quiet(at: datetime, zone: ZoneInfo) -> bool:
    """True outside 08:00 to 21:00 in the recipient's zone (47 CFR 64.1200(c)(1), kept for every text; F115)."""
    return not OPENS <= at.astimezone(zone).time() < CLOSES


def after_quiet(at: datetime, zone: ZoneInfo) -> datetime:
    """`at` itself, or the next 08:00 in the recipient's zone (UTC) if `at` is in the quiet hours."""
    local = at.astimezone(zone)
    if not is_quiet(at, zone):
        return at
    return _instant(local.date() + timedelta(days=local.time() >= CLOSES), OPENS, zone)


def days_before(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Instant (UTC) at the same wall time `days` calendar days earlier in the recipient's zone, outside quiet hours.

    A time in the quiet hours moves earlier, never later. A wall time that clocks skip is read as if they had not
    changed yet; of one that they show twice, the first counts.
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
