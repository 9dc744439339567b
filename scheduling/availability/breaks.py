"""Breaks that may move and may not fall out: so many minutes in a row stay free between two wall times of a day.

What counts is what the clinician has reserved, buffers included; the way between two offices is no reservation. Where
no break fits any more (two meetings, a changed rule), nothing more may be put between its two times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .grid import Span, Window, cells_of, runs
from .picture import Break, Clinician
from .walltime import local_date, stretches


@dataclass(frozen=True, slots=True)
class BreakRule:
    """`minutes` in a row between two wall times, in minutes after local midnight, on `weekdays` (0 is Monday; empty:
    every day)."""

    starts_minute: int
    ends_minute: int
    minutes: int
    weekdays: frozenset[int] = frozenset()


@lru_cache(maxsize=512)
def breaks_in(window: Window, zone: ZoneInfo, rules: tuple[BreakRule, ...]) -> tuple[Break, ...]:
    """The breaks of every local date of `zone` that lie wholly in `window`.

    On the day of a clock change they lie between the first time that clocks show the start and the last time they show
    the end, in real minutes.
    """
    found = []
    day, last = local_date(window.start, zone), local_date(window.end, zone)
    while day <= last:
        for rule in rules:
            parts = stretches(day, rule.starts_minute, rule.ends_minute, zone) if _holds(rule, day.weekday()) else []
            if parts and window.start <= parts[0][0] and parts[-1][1] <= window.end:
                cells = window.inward([Span(parts[0][0], parts[-1][1])])
                if cells:
                    first = (cells & -cells).bit_length() - 1
                    found.append(Break(first, cells.bit_length(), cells_of(rule.minutes)))
        day += timedelta(days=1)
    return tuple(found)


def _holds(rule: BreakRule, weekday: int) -> bool:
    return not rule.weekdays or weekday in rule.weekdays


@lru_cache(maxsize=512)
def breaking(breaks: tuple[Break, ...], busy: int, length: int) -> int:
    """The cells from which `length` more reserved cells would leave no room for one of `breaks`.

    A break survives either before what is reserved or after it: so only the first and the last that fit decide.
    """
    mask = 0
    for one in breaks:
        fitting = _fitting(one, busy)
        first_end = one.first + (fitting & -fitting).bit_length() - 1 + one.cells if fitting else one.end
        last_start = one.first + fitting.bit_length() - 1 if fitting else one.first
        low = max(last_start - length + 1, 0)
        if low < first_end:
            mask |= (1 << first_end) - (1 << low)
    return mask


def keeps_breaks(clinician: Clinician, extra: int) -> bool:
    """True if every break that the cells `extra` touch still fits when these are reserved as well, all of them."""
    busy = clinician.busy | extra
    return all(_fitting(one, busy) for one in clinician.breaks if _within(one, extra))


def _fitting(one: Break, busy: int) -> int:
    # The starts at which the break fits, counted from its first cell.
    return runs(_within(one, ~busy), one.cells)


def _within(one: Break, mask: int) -> int:
    return mask >> one.first & (1 << one.end - one.first) - 1
