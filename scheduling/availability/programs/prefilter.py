"""Prefilter: which start dates can work at all, and which blocks on one date.

`starts`: length of a block in minutes -> mask of the cells at which one resource could begin such a block. Shifted down
by the offset of a block from midnight, it becomes a mask of start dates, given as their cells of midnight. An AND of
such masks tests every date at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scheduling.availability.programs.layout import Layout
from scheduling.availability.timegrid.grid import bits, indexes, union

StartsByLength = dict[int, int]
# A block's length in minutes, and its offset in cells from local midnight of the start date.
Spot = tuple[int, int]
# Below this number of dates, testing date by date is faster.
FEW = 10


def spots(lengths: Sequence[int], layout: Layout, blocks: int) -> list[Spot]:
    """The spots of the blocks in the mask `blocks`."""
    return [(lengths[index], layout[index]) for index in indexes(blocks)]


def covered_by_any(resources: Sequence[StartsByLength], needed: Iterable[Spot], dates: int) -> int:
    """The start dates of `dates` on which each needed spot, seen alone, has at least one resource."""
    united: dict[int, int] = {}
    for length, cell in needed:
        if length not in united:
            united[length] = union(starts[length] for starts in resources)
        dates &= united[length] >> cell
    return dates


def covered_by_one(resources: Iterable[StartsByLength], needed: Sequence[Spot], dates: int) -> int:
    """The start dates of `dates` on which one resource alone has every needed spot."""
    found = 0
    for starts in resources:
        left = dates & ~found
        for length, cell in needed:
            if not left:
                break
            left &= starts[length] >> cell
        found |= left
    return found


class PackedStarts:
    """Masks of blocks for many start dates, packed into one integer.

    Bit `base` + i of a packed mask belongs to block i of the program that starts at cell `base`. Start dates are a day
    apart, and a day has more cells than a program has blocks, so the bits of two dates never meet. One shift per block
    thus answers for all dates. For few dates, a test per date and block is faster.
    """

    def __init__(self, lengths: Sequence[int], layout: Layout, dates: int) -> None:
        self._lengths, self._layout, self._dates = lengths, layout, dates
        self._few = bits(dates) if dates.bit_count() < FEW else None
        self._all = (1 << len(layout)) - 1

    def packed(self, starts: StartsByLength, blocks: int) -> int:
        """The packed mask of those of `blocks` that one resource with `starts` could begin."""
        if self._few is not None:
            return union(self._from(starts, blocks, base) << base for base in self._few)
        mask, lengths, layout, dates = 0, self._lengths, self._layout, self._dates
        for index in indexes(blocks):
            length, shift = lengths[index], layout[index] - index
            mask |= (starts[length] >> shift if shift > 0 else starts[length] << -shift) & dates << index
        return mask

    def at(self, packed: int, base: int) -> int:
        """The mask of blocks for the start date at cell `base`."""
        return packed >> base & self._all

    def _from(self, starts: StartsByLength, blocks: int, base: int) -> int:
        reach = (1 << (self._layout[-1] + 1)) - 1
        near = {length: mask >> base & reach for length, mask in starts.items()}
        free = 0
        for index in indexes(blocks):
            if near[self._lengths[index]] >> self._layout[index] & 1:
                free |= 1 << index
        return free
