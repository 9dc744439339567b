"""Pure: how the days of a part become one master, with exceptions (design §9). Never RDATE: Outlook drops it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import gcd
from zoneinfo import ZoneInfo

from .entry import Span


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A master span; `step_days` and `count` say how it repeats (count 1: it does not).

    `missing` are starts, in wall time, on which it does not take place; `moved` are (wall start, other span).
    """

    master: Span
    step_days: int = 0
    count: int = 1
    missing: list[datetime] = field(default_factory=list)
    moved: list[tuple[datetime, Span]] = field(default_factory=list)


def pattern(days: Sequence[Span], zone: str) -> Pattern:
    """One instance for each of `days` (at most one a day, in order): weekly if they fit weeks, else daily.

    Days that differ from the master in hours, length or place become overrides, days between them exceptions.
    """
    wall = ZoneInfo(zone)
    offsets = [(day.starts_at.astimezone(wall).date() - days[0].starts_at.astimezone(wall).date()).days for day in days]
    if len(days) == 1:
        return Pattern(master=days[0])
    step, slots = _slots(offsets)
    found = dict(zip(slots, days, strict=True))
    count = slots[-1] + 1
    result = Pattern(master=days[0], step_days=step, count=count)
    for slot in range(count):
        expected = _wall_start(days[0], slot * step, wall)
        if slot not in found:
            result.missing.append(expected)
        elif not _is_regular(found[slot], days[0], expected):
            result.moved.append((expected, found[slot]))
    return result


def _slots(offsets: list[int]) -> tuple[int, list[int]]:
    """Days between instances, and the instance that each day is. Weeks, if each day is near a week of its own."""
    weeks = [(offset + 3) // 7 for offset in offsets]
    if offsets[-1] < 7 or len(set(weeks)) != len(weeks):
        return 1, offsets
    every = gcd(*weeks)
    return 7 * every, [week // every for week in weeks]


def _wall_start(master: Span, days: int, wall: ZoneInfo) -> datetime:
    """The master's wall time some days later: the clock on the wall counts, not the hours between (F33)."""
    return (master.starts_at.astimezone(wall) + timedelta(days=days)).replace(fold=0)


def _is_regular(span: Span, master: Span, expected: datetime) -> bool:
    """True if the rule yields exactly this span; the length of an instance is exact (RFC 5545 §3.8.5.3)."""
    same_start = span.starts_at.astimezone(UTC) == expected.astimezone(UTC)
    return same_start and _length(span) == _length(master) and span.place == master.place


def _length(span: Span) -> timedelta:
    return span.ends_at.astimezone(UTC) - span.starts_at.astimezone(UTC)
