"""Flexible breaks: so many minutes in a row must stay free between two wall times of a day, wherever they fit.

Reserved time counts with its buffers, and so does travel: a clinician who leaves one office before the break and is due
at another after it needs time for the break and for the trip, in either order. Time off counts as a break.

If a break no longer fits (two meetings, a changed rule), nothing more may be added between its two times.
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

# Travel never takes longer, so commitments further than this from a break cannot affect it.
_FARTHEST = cells_of(FARTHEST_MINUTES)


@dataclass(frozen=True, slots=True)
class BreakRule:
    """`minutes` in a row that stay free between two wall times, given in minutes after local midnight.

    `weekdays`: 0 is Monday; empty for every day.
    """

    starts_minute: int
    ends_minute: int
    minutes: int
    weekdays: frozenset[int] = frozenset()


@lru_cache(maxsize=512)
def breaks_in(window: Window, zone: ZoneInfo, rules: tuple[BreakRule, ...]) -> tuple[Break, ...]:
    """The breaks of every local date of `zone` whose time lies wholly in `window`.

    On the day of a clock change, that time runs from the first instant at which clocks show the start to the last
    instant at which they show the end. Its length is then counted in elapsed minutes.
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
    """Free time in which a break may begin, at any of the cells `first` to `last` (inclusive).

    `left`: for each office with earlier commitments, (office id, cell at which the clinician leaves it). `due`: for
    each office with later commitments, (office id, cell at which the clinician is due there).
    """

    first: int
    last: int
    left: tuple[tuple[int, int], ...] = ()
    due: tuple[tuple[int, int], ...] = ()

    def allows(self, cells: int, travel: Travel) -> bool:
        """True if a break of `cells` and the travel between any two offices around it both fit."""
        return all(
            at - gone >= cells + travel.cells(origin, destination)
            for origin, gone in self.left
            for destination, at in self.due
        )

    def first_after(self, cells: int, travel: Travel, place: int | None) -> int:
        """The first cell at which the clinician, after the break, can be at `place` (None: at home)."""
        arrivals = [] if place is None else [gone + travel.cells(origin, place) for origin, gone in self.left]
        return max([self.first, *arrivals]) + cells

    def last_before(self, cells: int, travel: Travel, place: int | None) -> int:
        """The last cell at which the clinician can leave `place` (None: home) and still take the break."""
        departures = (
            [] if place is None else [at - travel.cells(place, destination) - cells for destination, at in self.due]
        )
        return min([self.last, *departures])


def breaking(clinician: Clinician, travel: Travel, place: int | None, length: int) -> int:
    """The cells from which `length` more reserved cells at `place` (None: at home) leave no room for one of the breaks.

    A break can only survive wholly before or wholly after the new cells. So the earliest and the latest break that fit
    decide.
    """
    mask = 0
    gaps_of_each = _gaps_of_all(clinician.breaks, clinician.busy & ~clinician.off, tuple(clinician.located.items()))
    for break_, around in zip(clinician.breaks, gaps_of_each, strict=True):
        start, cells = _start(break_), break_.cells
        gaps = [gap for gap in around if gap.allows(cells, travel)]
        first = start + min(gap.first_after(cells, travel, place) for gap in gaps) if gaps else break_.end
        last = start + max(gap.last_before(cells, travel, place) for gap in gaps) if gaps else break_.first
        low = max(last - length + 1, 0)
        if low < first:
            mask |= (1 << first) - (1 << low)
    return mask


def keeps_breaks(clinician: Clinician, travel: Travel, place: int, extra: int) -> bool:
    """True if every break still fits when all the cells `extra` at `place` are reserved too.

    A break that did not fit before is no objection unless `extra` touches its time. The answer is monotonic: if it is
    False for `extra`, it is False for any larger set of cells.
    """
    located = {**clinician.located, place: clinician.located.get(place, 0) | extra}
    busy = clinician.busy & ~clinician.off
    return not any(
        extra >> _start(break_) & _reach(break_)
        and not _fits(break_, busy | extra, located, travel)
        and (_within(break_, extra) or _fits(break_, busy, clinician.located, travel))
        for break_ in clinician.breaks
    )


def _fits(break_: Break, busy: int, located: Mapping[int, int], travel: Travel) -> bool:
    return any(gap.allows(break_.cells, travel) for gap in _gaps_around(break_, busy, located))


def _start(break_: Break) -> int:
    # Include commitments from which travel may reach into the break.
    return max(break_.first - _FARTHEST, 0)


def _reach(break_: Break) -> int:
    # A mask from `_start` to the longest travel time after the break.
    return (1 << break_.end + _FARTHEST - _start(break_)) - 1


@lru_cache(maxsize=512)
def _gaps_of_all(breaks: tuple[Break, ...], busy: int, located: tuple[tuple[int, int], ...]) -> list[list[Gap]]:
    # Cached: `breaking` needs the same gaps for every office.
    return [_gaps_around(break_, busy, dict(located)) for break_ in breaks]


def _gaps_around(break_: Break, busy: int, located: Mapping[int, int]) -> list[Gap]:
    # Cells are counted from `_start`, so that days with the same schedule share one cache entry in `_gaps`.
    start, reach = _start(break_), _reach(break_)
    near = tuple([(office, cells) for office, mask in located.items() if (cells := mask >> start & reach)])
    return _gaps(Break(break_.first - start, break_.end - start, break_.cells), busy >> start & reach, near)


@lru_cache(maxsize=16384)
def _gaps(break_: Break, busy: int, located: tuple[tuple[int, int], ...]) -> list[Gap]:
    found = []
    starts = runs(_within(break_, ~busy), break_.cells) << break_.first
    while starts:
        first = _lowest(starts)
        last = first + _lowest(~(starts >> first)) - 1
        past, ahead = (1 << first) - 1, last + break_.cells
        left = tuple((office, (cells & past).bit_length()) for office, cells in located if cells & past)
        due = tuple((office, ahead + _lowest(cells >> ahead)) for office, cells in located if cells >> ahead)
        found.append(Gap(first, last, left, due))
        starts = starts >> last + 1 << last + 1
    return found


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _within(break_: Break, mask: int) -> int:
    return mask >> break_.first & (1 << break_.end - break_.first) - 1
