"""An independent checker: compares a plan with every rule, without using any code of the planner."""

from scheduling.availability.programs.plan import Plan
from scheduling.availability.programs.program import Program, ProgramCriteria
from scheduling.availability.timegrid.grid import Span

from .practice import Practice
from .rulebook import (
    apart,
    attended_from_outside,
    breaks_are_kept,
    holds,
    people_are_right,
    reserved,
    rooms_are_right,
    timely,
    visits,
    within_limits,
)


def faults(state: Practice, program: Program, criteria: ProgramCriteria, plan: Plan) -> list[str]:
    """The names of the rules that a plan breaks; empty if it keeps them all."""
    spans = [Span(block.start, block.end) for block in plan.blocks]
    leads = {(i, role): one for i, block in enumerate(plan.blocks) for role, one in block.clinicians}
    rooms = {i: block.room_id for i, block in enumerate(plan.blocks) if block.room_id is not None}
    office, first = plan.location_id, plan.start_date
    checks = {
        "times": spans == visits(state, program, office, first),
        "dates, notice, clients": timely(state, program, criteria, office, spans, first),
        "roles": [[r for r, _ in b.clinicians] for b in plan.blocks] == [list(b.roles) for b in program.blocks],
        "rooms needed": set(rooms) == {i for i, block in enumerate(program.blocks) if block.room},
        "people": people_are_right(state, program, spans, leads),
        "wish": all(_wanted(program, criteria, role, i, one) for (i, role), one in leads.items()),
        "limits": within_limits(state, program, leads, first),
        "breaks": breaks_are_kept(state, program, office, spans, leads),
        "rooms": rooms_are_right(program, spans, rooms),
        "room free": all(holds(state, program, office, den, i, spans) for i, den in rooms.items()),
        "clinician free": all(
            state.can_come(state.people[one], office, spans[i], reserved(program, spans[i]))
            for (i, _), one in leads.items()
        ),
        "apart": apart(state, program, criteria, office, spans),
        "outside": attended_from_outside(state, program, office, spans),
        "reserved": _reserved_rightly(program, plan, spans, leads, rooms),
    }
    return [name for name, sound in checks.items() if not sound]


def _wanted(program: Program, criteria: ProgramCriteria, role: int, index: int, one: int) -> bool:
    track = program.blocks[index].attends
    barred = () if role in program.shared_roles else criteria.barred.get(track, ())
    return one not in criteria.excluded_ids and one in criteria.only.get(role, {one}) and one not in barred


def _reserved_rightly(
    program: Program, plan: Plan, spans: list[Span], leads: dict[tuple[int, int], int], rooms: dict[int, int]
) -> bool:
    uses: dict[int, list[int]] = {}
    for index, one in [*((i, one) for (i, _), one in leads.items()), *rooms.items()]:
        uses.setdefault(one, []).append(index)
    guests = [(b.external_id, b.id, span) for b, span in zip(program.blocks, spans, strict=True) if b.external_id]
    known = {one for one, _, _ in guests}
    if sorted((o.resource_id, o.block_id, o.span) for o in plan.reserved if o.resource_id in known) != sorted(guests):
        return False
    if set(uses) | known != {one.resource_id for one in plan.reserved}:
        return False
    return all(_held_rightly(program, plan, spans, one, indexes) for one, indexes in uses.items())


def _held_rightly(program: Program, plan: Plan, spans: list[Span], one: int, indexes: list[int]) -> bool:
    # Exactly the minutes of the visits and their buffers, none reserved twice, each visit within its own span.
    mine = {held.block_id: held.span for held in plan.reserved if held.resource_id == one}
    wanted = {minute for i in indexes for minute in _minutes(reserved(program, spans[i]))}
    held = [minute for span in mine.values() for minute in _minutes(span)]
    return (
        set(mine) == {program.blocks[i].id for i in indexes}
        and all(_minutes(spans[i]) <= _minutes(mine[program.blocks[i].id]) for i in indexes)
        and len(held) == len(set(held))
        and set(held) == wanted
    )


def _minutes(span: Span) -> set[int]:
    return set(range(int(span.start.timestamp()) // 60, int(span.end.timestamp()) // 60))
