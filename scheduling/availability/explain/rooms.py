"""The obstacles of a program's rooms on one date: the blocks for which the nearest rooms are taken."""

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


def room_obstacles(one_date: OneDate) -> Iterator[Obstacle]:
    """One obstacle for each block for which the nearest room is taken, or for each group without any room."""
    for group, choice in nearest_rooms(one_date):
        if choice is None:
            yield _no_room(one_date, group)
        else:
            for index in indexes(choice.missing):
                why = Why.ROOM_NOT_KEPT if any(rooms_free_for(one_date, group, index)) else Why.ROOM_TAKEN
                yield one_date.in_block(why, index, room_id=choice.resource_id)


def nearest_rooms(one_date: OneDate) -> list[tuple[RoomGroup, Choice | None]]:
    """The cheapest arrangement: each group of blocks with the nearest room; None if no room is left."""
    options = []
    for number, groups in enumerate(one_date.problem.arrangements):
        choices = [
            [Choice(room_id, group.need & ~one_date.rooms_free[room_id]) for room_id in fitting(one_date, group)]
            for group in groups
        ]
        search = Nearest([Position(0, group.need) for group in groups], choices, one_date.conflicts, {})
        options.append((search.cost, number, [*zip(groups, search.best, strict=True)]))
    return min(options)[2]


def fitting(one_date: OneDate, group: RoomGroup) -> list[int]:
    """Ids of the rooms that can hold every block of a group, free or taken."""
    return [room.id for room in one_date.rooms if all(fits(room, *wants) for wants in group.wants)]


def rooms_free_for(one_date: OneDate, group: RoomGroup, index: int) -> Iterator[int]:
    """Ids of the rooms that can hold the group and are free for block number `index`."""
    return (room_id for room_id in fitting(one_date, group) if one_date.rooms_free[room_id] >> index & 1)


def _no_room(one_date: OneDate, group: RoomGroup) -> Obstacle:
    first = indexes(group.need)[0]
    people = max(people for people, _ in group.wants)
    features = frozenset[str]().union(*(features for _, features in group.wants))
    obstacle = room_obstacle(one_date.rooms, people, features, one_date.span(first))
    block_id = one_date.program.blocks[first].id
    return obstacle._replace(why=Why.NO_ROOM if obstacle.why is Why.ROOM_TAKEN else obstacle.why, block_id=block_id)
