"""Breaks that may move and may not fall out: so many minutes in a row stay free between two wall times of a day.

What counts is what the clinician has reserved, buffers included, and the way between two offices: whoever leaves one
before the break and is in another after it has the time for both, in whatever order. Time off is as good as a break.
Where none fits any more (two meetings, a changed rule), nothing more may be put between its two times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduling.availability.snapshot import Break, Clinician
from scheduling.availability.timegrid.grid import Span, Window, cells_of, runs
from scheduling.availability.timegrid.travel import FARTHEST_MINUTES, Travel
from scheduling.availability.timegrid.walltime import local_date, stretches

# Who left an office earlier than this has arrived wherever they may go.
_FARTHEST = cells_of(FARTHEST_MINUTES)


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


class Gap(NamedTuple):
    """Free time in which a break may begin, at the cells `first` to `last`. `left`: of each office where they were
    before, the cell at which they left; `due`: of each where they will be, the cell at which they are due."""

    first: int
    last: int
    left: tuple[tuple[int, int], ...] = ()
    due: tuple[tuple[int, int], ...] = ()

    def allows(self, cells: int, travel: Travel) -> bool:
        """True if a break of `cells` and the way between any two offices around it both fit."""
        return all(
            at - gone >= cells + travel.cells(origin, destination)
            for origin, gone in self.left
            for destination, at in self.due
        )

    def first_after(self, cells: int, travel: Travel, place: int | None) -> int:
        """The first cell at which they can be at `place` (None: at home) with the break behind them."""
        ways = [] if place is None else [gone + travel.cells(origin, place) for origin, gone in self.left]
        return max([self.first, *ways]) + cells

    def last_before(self, cells: int, travel: Travel, place: int | None) -> int:
        """The last cell at which they can leave `place` with the break ahead of them."""
        ways = [] if place is None else [at - travel.cells(place, destination) - cells for destination, at in self.due]
        return min([self.last, *ways])


def breaking(clinician: Clinician, travel: Travel, place: int | None, length: int) -> int:
    """The cells from which `length` more reserved cells at `place` would leave no room for one of their breaks.

    A break survives either before what is reserved or after it: so only the first and the last that fit decide.
    """
    mask = 0
    each = _gaps_of_all(clinician.breaks, clinician.busy & ~clinician.off, tuple(clinician.located.items()))
    for one, around in zip(clinician.breaks, each, strict=True):
        start, cells = _start(one), one.cells
        gaps = [gap for gap in around if gap.allows(cells, travel)]
        first = start + min(gap.first_after(cells, travel, place) for gap in gaps) if gaps else one.end
        last = start + max(gap.last_before(cells, travel, place) for gap in gaps) if gaps else one.first
        low = max(last - length + 1, 0)
        if low < first:
            mask |= (1 << first) - (1 << low)
    return mask


def keeps_breaks(clinician: Clinician, travel: Travel, place: int, extra: int) -> bool:
    """True if every break still fits when the cells `extra` at `place` are reserved as well, all of them; or if it did
    not fit before and they do not touch it. More cells are never better."""
    located = {**clinician.located, place: clinician.located.get(place, 0) | extra}
    busy = clinician.busy & ~clinician.off
    return not any(
        extra >> _start(one) & _reach(one)
        and not _fits(one, busy | extra, located, travel)
        and (_within(one, extra) or _fits(one, busy, clinician.located, travel))
        for one in clinician.breaks
    )


def _fits(one: Break, busy: int, located: Mapping[int, int], travel: Travel) -> bool:
    return any(gap.allows(one.cells, travel) for gap in _gaps_around(one, busy, located))


def _start(one: Break) -> int:
    # As long before the break as a way may take.
    return max(one.first - _FARTHEST, 0)


def _reach(one: Break) -> int:
    # The cells from there to as long after the break.
    return (1 << one.end + _FARTHEST - _start(one)) - 1


@lru_cache(maxsize=512)
def _gaps_of_all(breaks: tuple[Break, ...], busy: int, located: tuple[tuple[int, int], ...]) -> list[list[Gap]]:
    # Remembered: every office asks for them.
    return [_gaps_around(one, busy, dict(located)) for one in breaks]


def _gaps_around(one: Break, busy: int, located: Mapping[int, int]) -> list[Gap]:
    # Cells are counted from `_start`: days that are alike are looked at once.
    start, reach = _start(one), _reach(one)
    near = tuple([(office, cells) for office, mask in located.items() if (cells := mask >> start & reach)])
    return _gaps(Break(one.first - start, one.end - start, one.cells), busy >> start & reach, near)


@lru_cache(maxsize=16384)
def _gaps(one: Break, busy: int, located: tuple[tuple[int, int], ...]) -> list[Gap]:
    found = []
    starts = runs(_within(one, ~busy), one.cells) << one.first
    while starts:
        first = _lowest(starts)
        last = first + _lowest(~(starts >> first)) - 1
        past, ahead = (1 << first) - 1, last + one.cells
        left = tuple((office, (cells & past).bit_length()) for office, cells in located if cells & past)
        due = tuple((office, ahead + _lowest(cells >> ahead)) for office, cells in located if cells >> ahead)
        found.append(Gap(first, last, left, due))
        starts = starts >> last + 1 << last + 1
    return found


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _within(one: Break, mask: int) -> int:
    return mask >> one.first & (1 << one.end - one.first) - 1
