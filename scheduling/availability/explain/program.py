"""Why no program can start on a date at a place: what the team and the rooms that come nearest to it lack.

Dates, clients, people from outside, rooms and clinicians fail one apart from the other, so what each of them lacks is
in the way whatever becomes of the others; and where all of it is gone, the program can be held.
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
    """What keeps `program` from starting at `location_id` on the one local date of `criteria`; nothing if it can.

    Of a weekday on which it never starts no more is told than that.
    """
    if location_id not in snapshot.locations or not criteria.wants_location(location_id):
        return [Obstacle(Why.NOT_OFFERED)]
    if plans(snapshot, program, replace(criteria, location_ids=frozenset({location_id}))):
        return []
    if not program.starts_on(criteria.first):
        return [Obstacle(Why.WEEKDAY)]
    return [*dict.fromkeys(in_the_way(snapshot, program, criteria, location_id))] or [Obstacle(Why.TEAM)]


def in_the_way(snapshot: Snapshot, program: Program, criteria: ProgramCriteria, location_id: int) -> list[Obstacle]:
    """As `plan_obstacles`, without asking whether there is a plan all the same: among many substitutes there may be."""
    found = [] if program.starts_on(criteria.first) else [Obstacle(Why.WEEKDAY)]
    layout = layout_on(program, snapshot.zone(location_id), criteria.first)
    if layout is None:
        return [*found, *_off_the_clock(snapshot, program, criteria, location_id)]
    on = OneDate(snapshot, program, criteria, location_id, layout)
    return [*found, *_calendar(on), *_closed(on), *_attending(on), *room_obstacles(on), *team_obstacles(on)]


def _off_the_clock(
    snapshot: Snapshot, program: Program, criteria: ProgramCriteria, location_id: int
) -> Iterator[Obstacle]:
    # Blocks whose wall time does not exist or exists twice; or the clocks bring two blocks too near together.
    found = False
    for block in program.blocks:
        try:
            instant(criteria.first, block.begins, snapshot.zone(location_id))
        except WallTimeError:
            found = True
            yield Obstacle(Why.CLOCK_CHANGE, block_id=block.id)
    if not found:
        yield Obstacle(Why.ORDER)


def _calendar(on: OneDate) -> Iterator[Obstacle]:
    start = on.span(0).start
    if start < on.criteria.earliest:
        yield on.in_block(Why.NOTICE, 0)
    elif start >= on.criteria.latest:
        yield on.in_block(Why.HORIZON, 0)


def _closed(on: OneDate) -> Iterator[Obstacle]:
    for index in range(len(on.program.blocks)):
        if not on.open_for >> index & 1:
            yield on.in_block(Why.OUTSIDE_HOURS if on.opens_on_day_of(index) else Why.CLOSED, index)


def _attending(on: OneDate) -> Iterator[Obstacle]:
    for index, block in enumerate(on.program.blocks):
        shape = Shape(on.shapes[index].length)
        yield from _clients(on, index, block, shape)
        if block.external_id is not None:
            yield from _external(on, index, block.external_id, shape)


def _clients(on: OneDate, index: int, block: Block, shape: Shape) -> Iterator[Obstacle]:
    for track, one in zip(TRACKS, on.criteria.client_ids, strict=False):
        if one is not None and block.attends in (Attends.BOTH, track):
            if not on.starts(client_starts(on.snapshot, one, shape), index):
                yield on.in_block(Why.CLIENT_BUSY, index, other_id=one)
            if not on.starts(apart_starts(on.snapshot, one, on.location_id, shape), index):
                yield on.in_block(Why.KEPT_APART, index, other_id=one)


def _external(on: OneDate, index: int, one: int, shape: Shape) -> Iterator[Obstacle]:
    if on.starts(external_starts(on.snapshot, one, on.location_id, shape), index):
        return
    person = on.snapshot.externals.get(one)
    idle = None if person is None else replace(person, busy=0)
    snapshot = on.snapshot if idle is None else replace(on.snapshot, externals={one: idle})
    can_come = on.starts(external_starts(snapshot, one, on.location_id, shape), index)
    yield on.in_block(Why.EXTERNAL_BUSY if can_come else Why.EXTERNAL_AWAY, index, other_id=one)
