"""What keeps a program from its rooms on one date: where the rooms that come nearest to it are taken."""

from __future__ import annotations

from collections.abc import Iterator

from scheduling.availability.explain.nearest import Choice, Nearest
from scheduling.availability.explain.obstacles import Obstacle, Why
from scheduling.availability.explain.one_date import OneDate
from scheduling.availability.explain.single import room_obstacle
from scheduling.availability.programs.positions import Position
from scheduling.availability.programs.problem import RoomGroup
from scheduling.availability.rules.starts import fits
from scheduling.availability.timegrid.grid import indexes


def room_obstacles(on: OneDate) -> Iterator[Obstacle]:
    """What the rooms that come nearest lack."""
    for group, choice in nearest_rooms(on):
        if choice is None:
            yield _no_room(on, group)
        else:
            for index in indexes(choice.missing):
                why = Why.ROOM_NOT_KEPT if any(others(on, group, index)) else Why.ROOM_TAKEN
                yield on.in_block(why, index, room_id=choice.resource_id)


def nearest_rooms(on: OneDate) -> list[tuple[RoomGroup, Choice | None]]:
    """The best way to share rooms: each group of blocks with the room that comes nearest, None if none is left."""
    found = []
    for number, groups in enumerate(on.problem.arrangements):
        choices = [[Choice(one, group.need & ~on.rooms_free[one]) for one in fitting(on, group)] for group in groups]
        search = Nearest([Position(0, group.need) for group in groups], choices, on.conflicts, {})
        found.append((search.cost, number, [*zip(groups, search.best, strict=True)]))
    return min(found)[2]


def fitting(on: OneDate, group: RoomGroup) -> list[int]:
    """The rooms that can hold every block of a group, whether taken or not."""
    return [room.id for room in on.rooms if all(fits(room, *wants) for wants in group.wants)]


def others(on: OneDate, group: RoomGroup, index: int) -> Iterator[int]:
    """The rooms that could hold the group and are free for one block of it."""
    return (one for one in fitting(on, group) if on.rooms_free[one] >> index & 1)


def _no_room(on: OneDate, group: RoomGroup) -> Obstacle:
    first = indexes(group.need)[0]
    people = max(people for people, _ in group.wants)
    features = frozenset[str]().union(*(features for _, features in group.wants))
    told = room_obstacle(on.rooms, people, features, on.span(first))
    block_id = on.program.blocks[first].id
    return told._replace(why=Why.NO_ROOM if told.why is Why.ROOM_TAKEN else told.why, block_id=block_id)
