"""Pure: turn the days of a booking into one recurring event with exceptions. RDATE is not used: Outlook drops it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import gcd
from zoneinfo import ZoneInfo

from .entry import Span


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A master span that repeats `count` times, every `step_days` days (count 1: once).

    `missing` lists the starts, in wall time, that do not take place. `moved` lists pairs of a regular start, in wall
    time, and the span that replaces it.
    """

    master: Span
    step_days: int = 0
    count: int = 1
    missing: list[datetime] = field(default_factory=list)
    moved: list[tuple[datetime, Span]] = field(default_factory=list)


def pattern(days: Sequence[Span], zone: str) -> Pattern:
    """The pattern of `days` (in order, at most one span per day): weekly if the days fit weeks, else daily.

    Days that differ from the master in start time, length or place become `moved`, unused days between `missing`.
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
    """Days between instances, and each day's instance number. Weekly if each day is nearest to a different week."""
    weeks = [(offset + 3) // 7 for offset in offsets]
    if offsets[-1] < 7 or len(set(weeks)) != len(weeks):
        return 1, offsets
    every = gcd(*weeks)
    return 7 * every, [week // every for week in weeks]


def _wall_start(master: Span, days: int, wall: ZoneInfo) -> datetime:
    """The master's start `days` days later, at the same wall time, whatever the clocks did in between (F33)."""
    return (master.starts_at.astimezone(wall) + timedelta(days=days)).replace(fold=0)


def _is_regular(span: Span, master: Span, expected: datetime) -> bool:
    """True if the rule yields exactly this span. Instances have the master's exact length (RFC 5545 §3.8.5.3)."""
    same_start = span.starts_at.astimezone(UTC) == expected.astimezone(UTC)
    return same_start and _length(span) == _length(master) and span.place == master.place


def _length(span: Span) -> timedelta:
    return span.ends_at.astimezone(UTC) - span.starts_at.astimezone(UTC)
