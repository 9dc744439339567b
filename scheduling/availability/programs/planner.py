"""Plans for programs of several days, and the decision on one plan.

`plans` and `decide_program` use the same masks and the same search, so a listed plan can be booked (promise 4, F13). A
plan has one clinician per role throughout, different ones for the partners' individual work, and one room per track.

How a search runs, for each location:

1. `Problem` splits the program into positions, one clinician each, and collects what does not depend on the place.
2. `layouts` groups the start dates by where their blocks lie, so that one shift of a mask tests all dates of a group.
3. The prefilter drops the dates on which some block, seen alone, has no room, client or clinician.
4. Only the dates left are solved one by one: `assign_rooms` and `Solver` try assignments by backtracking over masks.

Substitutes come last, because clients should keep their clinicians. The best plan has one only if the program allows
it and either no plan does without, or a preferred clinician can lead no more than a part of a position.
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
    """The best plan for every start date and location that has one, sorted in that order.

    `most_per_date`: up to so many plans for each, the best first. A later plan begins the first role with a clinician
    who begins it in no earlier one; once there is none, the same goes for the second role, and so on. `decide_program`
    accepts every plan listed (F13).
    """
    found = [plan for search in _searches(snapshot, program, criteria, most_per_date) for plan in search.plans()]
    return sorted(found, key=lambda plan: (plan.start, plan.location_id))


def start_dates(snapshot: Snapshot, program: Program, criteria: ProgramCriteria) -> Iterator[date]:
    """The start dates with a plan at any location, in order. Lazy: a date is searched only when it is asked for."""
    searches_on: dict[date, list[tuple[DateSearch, int]]] = {}
    for search in _searches(snapshot, program, criteria, 1):
        for base in bits(search.dates):
            searches_on.setdefault(search.days[base], []).append((search, base))
    return (day for day in sorted(searches_on) if any(search.has_plan(base) for search, base in searches_on[day]))


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
    """The plan that starts on the local `start_date` with exactly the clinicians of `pins`, or a refusal.

    `pins`: see `Plan.pins`. Rooms may differ from those listed. Call it under lock with a fresh snapshot.
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
    # Splits each position into one part per pinned clinician; False if one of them may not fill it.
    blocks_of: dict[tuple[int, int], int] = {}
    seats = [(index, role) for index, block in enumerate(problem.program.blocks) for role in block.roles]
    if len(seats) != len(pins):
        return False
    for (index, role_id), person in zip(seats, pins, strict=True):
        blocks_of[role_id, person] = blocks_of.get((role_id, person), 0) | 1 << index
    parts: list[Position] = []
    people: list[frozenset[int]] = []
    for position, candidates in zip(problem.positions, problem.candidates, strict=True):
        blocks_of_person = {
            person: blocks & position.need for (role, person), blocks in blocks_of.items() if role == position.role_id
        }
        blocks_of_person = {person: blocks for person, blocks in blocks_of_person.items() if blocks}
        if len(blocks_of_person) > problem.people or not candidates.issuperset(blocks_of_person):
            return False
        parts += [position.part(blocks) for blocks in blocks_of_person.values()]
        people += [frozenset({person}) for person in blocks_of_person]
    problem.fill(parts, people, 1)
    return True
