"""The grid of time: five-minute cells, half-open spans of UTC, and bit masks over a window.

A mask is one Python integer with one bit per cell; bit 0 is the first cell of its window. So set operations on time are
integer operations: `hours & ~busy` is the working time that is still free, for all days of the window at once.

"n free cells in a row" is shift-and-AND. `mask & mask >> 1` keeps the cells whose next cell is set too, so a run of two
starts there. Doubling the shift finds a run of n in about log2(n) steps (see `runs`), however many days the window has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduling.availability.timegrid.walltime import day_start

CELL = timedelta(minutes=5)
CELL_MINUTES = 5
CELL_SECONDS = 300

_ZERO = timedelta(0)
# Below this number of spans, OR-ing integers is faster than writing digits.
_FEW = 16


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of time, `start` <= t < `end`, both aware and in UTC.

    Raises ValueError for an instant that is naive or not in UTC, and for an empty span. Two spans that touch do not
    overlap (F5).
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.utcoffset() != _ZERO or self.end.utcoffset() != _ZERO:
            raise ValueError("a span needs aware datetimes in UTC")
        if self.start >= self.end:
            raise ValueError("a span ends after it starts")

    def overlaps(self, other: Span) -> bool:
        """True if at least one instant lies in both spans."""
        return self.start < other.end and other.start < self.end

    def widened(self, before: timedelta, after: timedelta) -> Span:
        """The span extended by `before` at its start and by `after` at its end."""
        return Span(self.start - before, self.end + after)


@dataclass(frozen=True, slots=True)
class Window:
    """`cells` five-minute cells from `start`, an aware UTC instant on a five-minute mark.

    Time outside the window is unknown, and unknown time is not free. So a loader pads the dates asked for by at least
    the longest buffer and the longest travel time (F13). Raises ValueError for a `start` off the grid or not in UTC,
    and for a negative number of cells.
    """

    start: datetime
    cells: int

    def __post_init__(self) -> None:
        if self.start.utcoffset() != _ZERO:
            raise ValueError("a window starts at an aware datetime in UTC")
        if self.start.timestamp() % CELL_SECONDS or self.cells < 0:
            raise ValueError("a window starts on a five-minute mark and has no negative length")

    @classmethod
    def of_dates(cls, first: date, until: date, zone: ZoneInfo, pad: timedelta = _ZERO) -> Window:
        """The window of the local dates [`first`, `until`) of `zone`, padded by `pad` at both ends, rounded outward."""
        return cls.covering(Span(day_start(first, zone) - pad, day_start(until, zone) + pad))

    @classmethod
    def covering(cls, span: Span) -> Window:
        """The smallest window that contains all of `span`."""
        first = int(span.start.timestamp() // CELL_SECONDS)
        last = int(-(-span.end.timestamp() // CELL_SECONDS))
        return cls(datetime.fromtimestamp(first * CELL_SECONDS, UTC), last - first)

    @property
    def end(self) -> datetime:
        """The first instant after the window, UTC."""
        return self.start + self.cells * CELL

    @property
    def full(self) -> int:
        """The mask with every cell set."""
        return (1 << self.cells) - 1

    def instant(self, cell: int) -> datetime:
        """The UTC instant at which `cell` starts."""
        return self.start + cell * CELL

    def cell(self, instant: datetime) -> int | None:
        """The cell that starts exactly at `instant`; None if that is off the grid or outside the window."""
        cell, rest = divmod(instant - self.start, CELL)
        return cell if not rest and 0 <= cell < self.cells else None

    def outward(self, spans: Iterable[Span]) -> int:
        """The cells that `spans` touch at all. Busy time is rounded this way."""
        start = self.start
        return self.paint(((s.start - start) // CELL, -((start - s.end) // CELL)) for s in spans)

    def inward(self, spans: Iterable[Span]) -> int:
        """The cells wholly inside `spans`, touching spans joined first. Free time is rounded this way."""
        start = self.start
        joined = coalesced(spans)
        return self.paint((-((start - s.start) // CELL), (s.end - start) // CELL) for s in joined)

    def outward_seconds(self, pairs: Iterable[tuple[int, int]]) -> int:
        """As `outward`, from (start, end) pairs in seconds since 1970 UTC: lets the loader skip building datetimes."""
        origin = int(self.start.timestamp())
        return self.paint([((a - origin) // CELL_SECONDS, -((origin - b) // CELL_SECONDS)) for a, b in pairs])

    def paint(self, pairs: Iterable[tuple[int, int]]) -> int:
        """The mask of the cell ranges [a, b), clipped to the window. The ranges may overlap."""
        cells = self.cells
        ranges = [(a if a > 0 else 0, b if b < cells else cells) for a, b in pairs if a < b and b > 0 and a < cells]
        if len(ranges) < _FEW:
            mask = 0
            for a, b in ranges:
                mask |= (1 << b) - (1 << a)
            return mask
        return _painted(ranges, cells)

    def spans(self, mask: int) -> list[Span]:
        """The runs of set cells as spans, in order of time."""
        firsts = bits(mask & ~(mask << 1))
        lasts = bits(mask & ~(mask >> 1))
        return [Span(self.instant(a), self.instant(b + 1)) for a, b in zip(firsts, lasts, strict=True)]


def _painted(ranges: list[tuple[int, int]], cells: int) -> int:
    # OR-ing many ranges copies the whole mask each time. Writing each range as digits (one per cell, the highest first)
    # costs the same for any window, and int(..., 2) is linear.
    digits = bytearray(b"0" * cells)
    ones = b"1" * cells
    for a, b in ranges:
        digits[cells - b : cells - a] = ones[: b - a]
    return int(digits, 2) if cells else 0


def coalesced(spans: Iterable[Span]) -> list[Span]:
    """`spans` in order of time; spans that touch or overlap are joined into one."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            if span.end > joined[-1].end:
                joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def bits(mask: int) -> list[int]:
    """The positions of the set bits, lowest first. `mask` must not be negative."""
    digits = bin(mask)[:1:-1]
    found = []
    at = digits.find("1")
    while at >= 0:
        found.append(at)
        at = digits.find("1", at + 1)
    return found


@lru_cache(maxsize=65536)
def indexes(blocks: int) -> tuple[int, ...]:
    """As `bits`, cached: for masks of a program's blocks, where the same few masks recur."""
    return tuple(bits(blocks))


def union(masks: Iterable[int]) -> int:
    """The cells set in any of `masks`."""
    united = 0
    for mask in masks:
        united |= mask
    return united


def runs(mask: int, length: int) -> int:
    """The cells at which `length` (at least 1) set cells in a row begin. Takes about log2(`length`) shifts."""
    have = 1
    while have < length:
        step = min(have, length - have)
        mask &= mask >> step
        have += step
    return mask


def smeared(mask: int, back: int, ahead: int) -> int:
    """`mask` with every set cell widened by `back` cells before it and `ahead` cells after it."""
    total, have = back + ahead, 0
    while have < total:
        step = min(have + 1, total - have)
        mask |= mask << step
        have += step
    return mask >> back


def cells_of(minutes: int) -> int:
    """Cells that `minutes` take, rounded up."""
    return -(-minutes // CELL_MINUTES)
