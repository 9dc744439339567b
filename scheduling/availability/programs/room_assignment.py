"""A room for each group of blocks, by backtracking over masks of blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class RoomNeed(NamedTuple):
    """Blocks that share one room. `conflicts`: the blocks that share an instant with one of them, they included.
    `rooms`: those that can hold it, the best first."""

    need: int
    conflicts: int
    rooms: Sequence[int]


def assign_rooms(groups: Sequence[RoomNeed], free: Mapping[int, int]) -> list[int] | None:
    """A room for each group, tried in the order given, none used twice at once; or None.

    `free`: room id -> the blocks for which it is free.
    """
    chosen = [0] * len(groups)
    taken: dict[int, int] = {}

    def settle(start: int) -> bool:
        for number in range(start, len(groups)):
            need, conflicts, rooms = groups[number]
            if conflicts != need:
                return branch(number)
            for room in rooms:
                if not need & ~free[room]:
                    chosen[number] = room  # no other group notices which
                    break
            else:
                return False
        return True

    def branch(number: int) -> bool:
        need, conflicts, rooms = groups[number]
        for room in rooms:
            before = taken.get(room, 0)
            if not conflicts & before and not need & ~free[room]:
                taken[room], chosen[number] = before | need, room
                if settle(number + 1):
                    return True
                taken[room] = before
        return False

    return chosen if settle(0) else None
