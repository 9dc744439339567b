"""Dates, times and lists in US words, for every page, message and error. Pure.

Each function formats the wall time that it is given. The caller first converts the instant to the reader's zone: the
office's for a visit in person, otherwise the recipient's (F40, F41).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

_ZONE_WORDS = {
    "America/New_York": "Eastern time",
    "America/Detroit": "Eastern time",
    "America/Chicago": "Central time",
    "America/Denver": "Mountain time",
    "America/Boise": "Mountain time",
    "America/Phoenix": "Arizona time",
    "America/Los_Angeles": "Pacific time",
    "America/Anchorage": "Alaska time",
    "Pacific/Honolulu": "Hawaii time",
    "UTC": "UTC",
}


def comes_twice(at: datetime) -> bool:
    """True if the clocks show the wall time of the aware local `at` twice, so that it needs a zone label (F29)."""
    return at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()


def clock(at: datetime) -> str:
    """“11:00 AM” for a local time; “1:30 AM CDT” if the clocks show it twice (F29)."""
    words = f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"
    return f"{words} {at:%Z}" if comes_twice(at) else words


def short_day(day: date, *, with_year: bool = False) -> str:
    """“Tue, Nov 24” or “Tue, Nov 24, 2026”."""
    return f"{day:%a}, {day:%b} {day.day}" + (f", {day.year}" if with_year else "")


def long_date(day: date) -> str:
    """“Tuesday, November 24”."""
    return f"{day:%A}, {day:%B} {day.day}"


def short_moment(at: datetime, *, with_year: bool = False) -> str:
    """“Tue, Nov 24, 11:00 AM” or “Tue, Nov 24, 2026, 11:00 AM” for a local time."""
    return f"{short_day(at, with_year=with_year)}, {clock(at)}"


def zone_words(zone: ZoneInfo) -> str:
    """“Central time”, never an abbreviation, which would be wrong for half the year (F43)."""
    return _ZONE_WORDS.get(zone.key) or f"{zone.key.rsplit('/', 1)[-1].replace('_', ' ')} time"


def length(minutes: int) -> str:
    """“90 minutes”, “2 hours”."""
    hours, rest = divmod(minutes, 60)
    if rest or not hours:
        return f"{minutes} minutes"
    return f"{hours} hour" if hours == 1 else f"{hours} hours"


def listed(words: Sequence[str]) -> str:
    """“A, B and C”."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
