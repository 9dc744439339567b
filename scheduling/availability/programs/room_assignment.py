"""Assignment of a room to each group of blocks, by backtracking over masks of blocks.

Groups that overlap no other block simply take their first free room. Any other group tries its rooms in turn: take one,
assign the groups after it, and give it back to try the next if they cannot all be assigned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class RoomNeed(NamedTuple):
    """A group of blocks (`need`) that share one room.

    `conflicts`: the blocks that overlap one of them, those included. `rooms`: ids of the rooms that can hold the group,
    the best first.
    """

    need: int
    conflicts: int
    rooms: Sequence[int]


def assign_rooms(groups: Sequence[RoomNeed], free: Mapping[int, int]) -> list[int] | None:
    """The room id of each group, in order, so that no room is used twice at once; None if there is no assignment.

    `free`: room id -> the mask of blocks for which the room is free. Rooms are tried in the order of each group.
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
                    chosen[number] = room  # not noted in `taken`: this group overlaps no other block
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
