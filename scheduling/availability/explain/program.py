"""The obstacles that keep a program from starting on a date at a location.

Calendar, clients, external persons, rooms and clinicians are checked separately, because none of them depends on the
others. So every obstacle found is real, and once all of them are removed, the program can be held.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scheduling.availability.explain.obstacles import Obstacle, Why
from scheduling.availability.explain.one_date import OneDate
from scheduling.availability.explain.rooms import room_obstacles
from scheduling.availability.explain.team import team_obstacles
from scheduling.availability.programs.layout import layout_on
from scheduling.availability.programs.planner import plans
from scheduling.availability.programs.program import TRACKS, Attends, Block, Program, ProgramCriteria
from scheduling.availability.rules.starts import Shape, apart_starts, client_starts, external_starts
from scheduling.availability.snapshot import Snapshot
from scheduling.availability.timegrid.walltime import WallTimeError, instant


def plan_obstacles(snapshot: Snapshot, program: Program, criteria: ProgramCriteria, location_id: int) -> list[Obstacle]:
    """The obstacles to starting `program` at `location_id` on the one local date of `criteria`; empty if it can start.

    If the program never starts on that weekday, that is the only obstacle given.
    """
    if location_id not in snapshot.locations or not criteria.wants_location(location_id):
        return [Obstacle(Why.NOT_OFFERED)]
    if plans(snapshot, program, replace(criteria, location_ids=frozenset({location_id}))):
        return []
    if not program.starts_on(criteria.first):
        return [Obstacle(Why.WEEKDAY)]
    return [*dict.fromkeys(in_the_way(snapshot, program, criteria, location_id))] or [Obstacle(Why.TEAM)]


def in_the_way(snapshot: Snapshot, program: Program, criteria: ProgramCriteria, location_id: int) -> list[Obstacle]:
    """As `plan_obstacles`, without checking first whether there is a plan.

    With substitutes, the nearest team may lack something although another team can lead the program.
    """
    found = [] if program.starts_on(criteria.first) else [Obstacle(Why.WEEKDAY)]
    layout = layout_on(program, snapshot.zone(location_id), criteria.first)
    if layout is None:
        return [*found, *_off_the_clock(snapshot, program, criteria, location_id)]
    one_date = OneDate(snapshot, program, criteria, location_id, layout)
    return [
        *found,
        *_calendar(one_date),
        *_closed(one_date),
        *_attending(one_date),
        *room_obstacles(one_date),
        *team_obstacles(one_date),
    ]


def _off_the_clock(
    snapshot: Snapshot, program: Program, criteria: ProgramCriteria, location_id: int
) -> Iterator[Obstacle]:
    # If no wall time is invalid, the clock change moved two blocks too close together.
    found = False
    for block in program.blocks:
        try:
            instant(criteria.first, block.begins, snapshot.zone(location_id))
        except WallTimeError:
            found = True
            yield Obstacle(Why.CLOCK_CHANGE, block_id=block.id)
    if not found:
        yield Obstacle(Why.ORDER)


def _calendar(one_date: OneDate) -> Iterator[Obstacle]:
    start = one_date.span(0).start
    if start < one_date.criteria.earliest:
        yield one_date.in_block(Why.NOTICE, 0)
    elif start >= one_date.criteria.latest:
        yield one_date.in_block(Why.HORIZON, 0)


def _closed(one_date: OneDate) -> Iterator[Obstacle]:
    for index in range(len(one_date.program.blocks)):
        if not one_date.open_for >> index & 1:
            yield one_date.in_block(Why.OUTSIDE_HOURS if one_date.opens_on_day_of(index) else Why.CLOSED, index)


def _attending(one_date: OneDate) -> Iterator[Obstacle]:
    for index, block in enumerate(one_date.program.blocks):
        shape = Shape(one_date.shapes[index].length)
        yield from _clients(one_date, index, block, shape)
        if block.external_id is not None:
            yield from _external(one_date, index, block.external_id, shape)


def _clients(one_date: OneDate, index: int, block: Block, shape: Shape) -> Iterator[Obstacle]:
    for track, client_id in zip(TRACKS, one_date.criteria.client_ids, strict=False):
        if client_id is not None and block.attends in (Attends.BOTH, track):
            if not one_date.starts(client_starts(one_date.snapshot, client_id, shape), index):
                yield one_date.in_block(Why.CLIENT_BUSY, index, other_id=client_id)
            if not one_date.starts(apart_starts(one_date.snapshot, client_id, one_date.location_id, shape), index):
                yield one_date.in_block(Why.KEPT_APART, index, other_id=client_id)


def _external(one_date: OneDate, index: int, external_id: int, shape: Shape) -> Iterator[Obstacle]:
    if one_date.starts(external_starts(one_date.snapshot, external_id, one_date.location_id, shape), index):
        return
    person = one_date.snapshot.externals.get(external_id)
    idle = None if person is None else replace(person, busy=0)
    snapshot = one_date.snapshot if idle is None else replace(one_date.snapshot, externals={external_id: idle})
    can_come = one_date.starts(external_starts(snapshot, external_id, one_date.location_id, shape), index)
    yield one_date.in_block(Why.EXTERNAL_BUSY if can_come else Why.EXTERNAL_AWAY, index, other_id=external_id)
