"""A room for each group of blocks, by backtracking over masks of blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Group(NamedTuple):
    """Blocks that share one room. `clashes`: the blocks that share an instant with one of them, they included.
    `rooms`: those that can hold it, the best first."""

    need: int
    clashes: int
    rooms: Sequence[int]


def house(groups: Sequence[Group], free: Mapping[int, int]) -> list[int] | None:
    """A room for each group, tried in the order given, none used twice at once; or None.

    `free`: room id -> the blocks for which it is free.
    """
    chosen: list[int] = []
    taken: dict[int, int] = {}

    def settle(number: int) -> bool:
        if number == len(groups):
            return True
        need, clashes, rooms = groups[number]
        for room in rooms:
            before = taken.get(room, 0)
            if not clashes & before and not need & ~free[room]:
                taken[room] = before | need
                chosen.append(room)
                if settle(number + 1):
                    return True
                chosen.pop()
                taken[room] = before
                if clashes == need:
                    return False  # no other group notices which room this one has
        return False

    return chosen if settle(0) else None
