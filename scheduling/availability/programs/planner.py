"""Plans for programs of several days, and the decision on one.

`plans` lists and `decide_program` decides by the same masks and the same search (F13). For each start date and
location: one clinician per role throughout, different ones for the partners' individual work, one room per track.
Continuity comes first: substitutes are tried only where nobody can stay throughout, and only if the program allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from scheduling.availability.programs.at_office import AtOffice
from scheduling.availability.programs.date_search import DateSearch
from scheduling.availability.programs.layout import layout_on
from scheduling.availability.programs.plan import Plan
from scheduling.availability.programs.pool import Pools
from scheduling.availability.programs.positions import Position
from scheduling.availability.programs.problem import Problem, StartDates
from scheduling.availability.programs.program import Program, ProgramCriteria
from scheduling.availability.refusals import Reason, Refusal
from scheduling.availability.snapshot import Snapshot
from scheduling.availability.timegrid.grid import CELL, bits
from scheduling.availability.timegrid.walltime import day_start


def plans(snapshot: Snapshot, program: Program, criteria: ProgramCriteria, most_per_date: int = 1) -> list[Plan]:
    """The best plan for every start date and location on which the program can be held, in that order.

    `most_per_date`: that many for each, the best first, as far as there are; each differs from those before in who
    begins the first role, then in who begins the second, and so on. Every one may be decided (F13).
    """
    found = [plan for search in _searches(snapshot, program, criteria, most_per_date) for plan in search.plans()]
    return sorted(found, key=lambda plan: (plan.start, plan.location_id))


def start_dates(snapshot: Snapshot, program: Program, criteria: ProgramCriteria) -> Iterator[date]:
    """The start dates with a plan at any location, in order, each found only when it is asked for."""
    on: dict[date, list[tuple[DateSearch, int]]] = {}
    for search in _searches(snapshot, program, criteria, 1):
        for base in bits(search.dates):
            on.setdefault(search.days[base], []).append((search, base))
    return (day for day in sorted(on) if any(search.has_plan(base) for search, base in on[day]))


def _searches(
    snapshot: Snapshot, program: Program, criteria: ProgramCriteria, most_per_date: int
) -> Iterator[DateSearch]:
    problem = Problem(snapshot, program, criteria, most_per_date)
    pools = Pools(problem)
    for location_id, location in snapshot.locations.items():
        if criteria.wants_location(location_id):
            at_office = AtOffice(problem, location_id, pools)
            for dates in problem.dates(location.zone):
                yield DateSearch(at_office, dates)


def decide_program(
    snapshot: Snapshot,
    program: Program,
    criteria: ProgramCriteria,
    start_date: date,
    location_id: int,
    pins: Sequence[int],
) -> Plan | Refusal:
    """The plan with exactly the clinicians of `pins` (see `Plan.pins`), or why there is none. Rooms may change.

    Call it under lock with a fresh picture.
    """
    if location_id not in snapshot.locations or not criteria.wants_location(location_id):
        return Refusal(Reason.NOT_OFFERED)
    if not criteria.first <= start_date < criteria.until:
        return Refusal(Reason.OUTSIDE_DATES)
    zone = snapshot.zone(location_id)
    layout = layout_on(program, zone, start_date) if program.starts_on(start_date) else None
    if layout is None:
        return Refusal(Reason.OFF_STEP)
    start = day_start(start_date, zone) + layout[0] * CELL
    if not criteria.earliest <= start < criteria.latest:
        return Refusal(Reason.TOO_SOON if start < criteria.earliest else Reason.TOO_FAR)
    problem = Problem(snapshot, program, criteria)
    if not _pin(problem, pins):
        return Refusal(Reason.NOT_OFFERED)
    base = (day_start(start_date, zone) - snapshot.window.start) // CELL
    if base >= 0:
        one_day = StartDates(layout, {base: start_date}, 1 << base)
        for plan in DateSearch(AtOffice(problem, location_id, Pools(problem)), one_day).plans():
            return plan
    return Refusal(Reason.TAKEN)


def _pin(problem: Problem, pins: Sequence[int]) -> bool:
    # Splits each position by the person pinned to its blocks; False if somebody may not fill it.
    blocks_of: dict[tuple[int, int], int] = {}
    asked = [(index, role) for index, block in enumerate(problem.program.blocks) for role in block.roles]
    if len(asked) != len(pins):
        return False
    for (index, role_id), one in zip(asked, pins, strict=True):
        blocks_of[role_id, one] = blocks_of.get((role_id, one), 0) | 1 << index
    parts: list[Position] = []
    people: list[frozenset[int]] = []
    for position, candidates in zip(problem.positions, problem.candidates, strict=True):
        mine = {one: blocks & position.need for (role, one), blocks in blocks_of.items() if role == position.role_id}
        mine = {one: blocks for one, blocks in mine.items() if blocks}
        if len(mine) > problem.people or not candidates.issuperset(mine):
            return False
        parts += [position.part(blocks) for blocks in mine.values()]
        people += [frozenset({one}) for one in mine]
    problem.fill(parts, people, 1)
    return True
