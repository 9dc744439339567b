"""From masks of starts to start dates at once, or to blocks at one date.

`starts`: length of a block in minutes -> mask of the cells at which one resource could begin such a block.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .grid import indexes
from .layout import Layout

StartsByLength = dict[int, int]
# Of a block, its length in minutes and its cell, counted from the start date's midnight.
Spot = tuple[int, int]


def spots(lengths: Sequence[int], layout: Layout, blocks: int) -> list[Spot]:
    """The spots of a mask of blocks."""
    return [(lengths[index], layout[index]) for index in indexes(blocks)]


def anybody(those: Sequence[StartsByLength], wanted: Iterable[Spot], dates: int) -> int:
    """Those of the cells `dates` from which each spot, seen alone, has one of `those`."""
    united: dict[int, int] = {}
    for length, cell in wanted:
        if length not in united:
            united[length] = union(starts[length] for starts in those)
        dates &= united[length] >> cell
    return dates


def somebody(those: Iterable[StartsByLength], wanted: Sequence[Spot], dates: int) -> int:
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


def blocks_from(starts: StartsByLength, lengths: Sequence[int], layout: Layout, base: int, blocks: int) -> int:
    """Those of `blocks` that can begin at their cells counted from `base`."""
    reach = (1 << (layout[-1] + 1)) - 1
    near = {length: mask >> base & reach for length, mask in starts.items()}
    free = 0
    for index in indexes(blocks):
        if near[lengths[index]] >> layout[index] & 1:
            free |= 1 << index
    return free


def union(masks: Iterable[int]) -> int:
    """All cells of all masks."""
    united = 0
    for mask in masks:
        united |= mask
    return united
