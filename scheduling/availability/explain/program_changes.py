"""The smallest changes that let a program start on a date, each found by planning again with the change made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce

from scheduling.availability.explain.obstacles import RULES, WAIVABLE, Obstacle, Why, in_force
from scheduling.availability.explain.one_date import OneDate
from scheduling.availability.explain.rooms import nearest_rooms, rooms_free_for
from scheduling.availability.explain.single_changes import FEW, Kind
from scheduling.availability.programs.layout import layout_on
from scheduling.availability.programs.plan import Plan
from scheduling.availability.programs.planner import plans
from scheduling.availability.programs.program import Block, Program, ProgramCriteria, ProgramError
from scheduling.availability.snapshot import Snapshot
from scheduling.availability.timegrid.grid import CELL_MINUTES, indexes
from scheduling.availability.timegrid.walltime import DAY_MINUTES

# How many blocked blocks are tried elsewhere, and at how many starts each, the nearest first.
MOST_MOVED, MOST_STARTS = 3, 8


@dataclass(frozen=True)
class Asked:
    """The problem to plan: what the planner is asked."""

    snapshot: Snapshot
    program: Program
    criteria: ProgramCriteria

    def plans(self) -> list[Plan]:
        """The best plan for each start date and location."""
        return plans(self.snapshot, self.program, self.criteria)


@dataclass(frozen=True)
class PlanChange:
    """One change and the plan it leads to. Only a plan for ANOTHER_OFFICE can be booked as it is.

    `asked`: the problem with the change made. `rooms`: (block id, room id) for blocks held outside the room that is
    kept. `moved_id`: the block that is moved. `waived`: the one limit that an exception lifts.
    """

    kind: Kind
    asked: Asked
    plan: Plan
    rooms: tuple[tuple[int, int], ...] = ()
    moved_id: int | None = None
    waived: Why | None = None


def plan_changes(
    asked: Asked, location_id: int, obstacles: Sequence[Obstacle], step: int, now: datetime
) -> list[PlanChange]:
    """The changes that let the program start at `location_id` on the one local date asked for, the smallest first.

    `obstacles`: those of that date. `step`: minutes between the starts to which a block may be moved. Nothing is
    proposed before `now`.
    """
    here = replace(asked, criteria=replace(asked.criteria, location_ids=frozenset({location_id})))
    return [
        *_another_room(here, location_id, obstacles),
        *_swap(here),
        *_moved(here, location_id, obstacles, step),
        *_another_office(asked, location_id),
        *_exceptions(here, now),
    ]


def _another_room(here: Asked, location_id: int, obstacles: Iterable[Obstacle]) -> Iterator[PlanChange]:
    if here.program.one_room and any(obstacle.why is Why.ROOM_NOT_KEPT for obstacle in obstacles):
        freed = replace(here, program=replace(here.program, one_room=False))
        for plan in freed.plans():
            yield PlanChange(Kind.ANOTHER_ROOM, freed, plan, rooms=_few_rooms(here, location_id))


def _few_rooms(here: Asked, location_id: int) -> tuple[tuple[int, int], ...]:
    # A free room for each block whose kept room is taken. Empty if a block has none: then more rooms must change.
    one_date = _one_date(here, location_id)
    if one_date is None:
        return ()
    nearest, found = nearest_rooms(one_date), dict[int, int]()
    for group, choice in nearest:
        for index in indexes(choice.missing) if choice else ():
            used = {
                other_choice.resource_id
                for other_group, other_choice in nearest
                if other_choice
                and one_date.conflicts.with_blocks(1 << index) & other_group.need & ~other_choice.missing
            }
            spare = [
                room_id for room_id in rooms_free_for(one_date, group, index) if room_id not in used | {*found.values()}
            ]
            if not spare:
                return ()
            found[one_date.program.blocks[index].id] = spare[0]
    return tuple(found.items())


def _swap(here: Asked) -> Iterator[PlanChange]:
    more = replace(here, program=replace(here.program, people_per_role=here.program.people_per_role + 1))
    return (PlanChange(Kind.SWAP, more, plan) for plan in more.plans())


def _moved(here: Asked, location_id: int, obstacles: Iterable[Obstacle], step: int) -> Iterator[PlanChange]:
    blocked = [*dict.fromkeys(obstacle.block_id for obstacle in obstacles if obstacle.block_id is not None)]
    one_date = _one_date(here, location_id)
    for block_id in blocked[:MOST_MOVED] if one_date else ():
        index = next(n for n, block in enumerate(here.program.blocks) if block.id == block_id)
        for asked in _with_starts(here, index, _free_starts(one_date, index, step) if one_date else []):
            plan = next(iter(asked.plans()), None)
            if plan is not None:
                yield PlanChange(Kind.MOVED_BLOCK, asked, plan, moved_id=block_id)
                break


def _free_starts(one_date: OneDate, index: int, step: int) -> list[int]:
    # Wall minutes of the same day at which the block, seen alone, could start, the nearest to its own start first.
    block = one_date.program.blocks[index]
    steps = range(block.start_minute % step, DAY_MINUTES - block.length + 1, step)
    free = one_date.could_start(index)
    shift = one_date.base + one_date.layout[index]
    able = [minute for minute in steps if free >> shift + (minute - block.start_minute) // CELL_MINUTES & 1]
    return sorted(set(able) - {block.start_minute}, key=lambda minute: abs(minute - block.start_minute))[:MOST_STARTS]


def _with_starts(here: Asked, index: int, minutes: Iterable[int]) -> Iterator[Asked]:
    blocks = here.program.blocks
    for minute in minutes:
        moved: list[Block] = [*blocks[:index], replace(blocks[index], start_minute=minute), *blocks[index + 1 :]]
        try:
            program = replace(here.program, blocks=tuple(sorted(moved, key=lambda block: block.begins)))
        except ProgramError:
            continue
        yield replace(here, program=program)


def _another_office(asked: Asked, location_id: int) -> Iterator[PlanChange]:
    elsewhere = frozenset(asked.snapshot.locations) - {location_id}
    wider = replace(asked, criteria=replace(asked.criteria, location_ids=elsewhere))
    return (PlanChange(Kind.ANOTHER_OFFICE, wider, plan) for plan in (wider.plans() if elsewhere else [])[:FEW])


def _exceptions(here: Asked, now: datetime) -> Iterator[PlanChange]:
    all_waived = reduce(lambda asked, why: waive(asked, why, now), WAIVABLE, here)
    for why in WAIVABLE if all_waived.plans() else ():
        waived = waive(here, why, now)
        for plan in waived.plans():
            yield PlanChange(Kind.EXCEPTION, waived, plan, waived=why)


def waive(asked: Asked, why: Why, now: datetime) -> Asked:
    """The problem with one limit out of force."""
    snapshot, program, criteria = asked.snapshot, asked.program, asked.criteria
    if why is Why.NOTICE:
        criteria = replace(criteria, earliest=min(criteria.earliest, now))
    elif why is Why.HORIZON:
        criteria = replace(criteria, latest=snapshot.window.end)
    elif why is Why.PROGRAM_DAILY_LIMIT:
        program = replace(program, daily_limit=None)
    elif why is Why.PROGRAM_LIMIT:
        program = replace(program, total_limit=None)
    else:
        snapshot = in_force(snapshot, RULES - {why})
        program = replace(program, rest_days=0) if why is Why.REST else program
    return Asked(snapshot, program, criteria)


def _one_date(here: Asked, location_id: int) -> OneDate | None:
    layout = layout_on(here.program, here.snapshot.zone(location_id), here.criteria.first)
    return None if layout is None else OneDate(here.snapshot, here.program, here.criteria, location_id, layout)
