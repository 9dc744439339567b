"""From masks of starts to start dates at once, or to blocks at one date.

`starts`: length of a block in minutes -> mask of the cells at which one resource could begin such a block.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scheduling.availability.programs.layout import Layout
from scheduling.availability.timegrid.grid import bits, indexes, union

StartsByLength = dict[int, int]
# Of a block, its length in minutes and its cell, counted from the start date's midnight.
Spot = tuple[int, int]
# Below this number of dates asking date by date is quicker.
FEW = 10


def spots(lengths: Sequence[int], layout: Layout, blocks: int) -> list[Spot]:
    """The spots of a mask of blocks."""
    return [(lengths[index], layout[index]) for index in indexes(blocks)]


def covered_by_any(those: Sequence[StartsByLength], wanted: Iterable[Spot], dates: int) -> int:
    """Those of the cells `dates` from which each spot, seen alone, has one of `those`."""
    united: dict[int, int] = {}
    for length, cell in wanted:
        if length not in united:
            united[length] = union(starts[length] for starts in those)
        dates &= united[length] >> cell
    return dates


def covered_by_one(those: Iterable[StartsByLength], wanted: Sequence[Spot], dates: int) -> int:
    """Those of the cells `dates` from which one of `those` has every spot."""
    found = 0
    for starts in those:
        mine = dates & ~found
        for length, cell in wanted:
            if not mine:
                break
            mine &= starts[length] >> cell
        found |= mine
    return found


class PackedStarts:
    """Bits of blocks, one start date after the other: bit `base` + i of a packed mask is block i from cell `base`.

    Start dates lie a day apart, which is more cells than a program has blocks. So one pass of shifts tells of all dates
    what would else be asked for each date and block; of few dates that is asked.
    """

    def __init__(self, lengths: Sequence[int], layout: Layout, dates: int) -> None:
        self._lengths, self._layout, self._dates = lengths, layout, dates
        self._few = bits(dates) if dates.bit_count() < FEW else None
        self._all = (1 << len(layout)) - 1

    def packed(self, starts: StartsByLength, blocks: int) -> int:
        """Those of `blocks` that one resource could begin, on all dates."""
        if self._few is not None:
            return union(self._from(starts, blocks, base) << base for base in self._few)
        mask, lengths, layout, dates = 0, self._lengths, self._layout, self._dates
        for index in indexes(blocks):
            length, shift = lengths[index], layout[index] - index
            mask |= (starts[length] >> shift if shift > 0 else starts[length] << -shift) & dates << index
        return mask

    def at(self, packed: int, base: int) -> int:
        """The blocks of the start date at cell `base`."""
        return packed >> base & self._all

    def _from(self, starts: StartsByLength, blocks: int, base: int) -> int:
        reach = (1 << (self._layout[-1] + 1)) - 1
        near = {length: mask >> base & reach for length, mask in starts.items()}
        free = 0
        for index in indexes(blocks):
            if near[self._lengths[index]] >> self._layout[index] & 1:
                free |= 1 << index
        return free
