"""The rules of a program as constraints for CP-SAT, written from the rules and not from the planner's code."""

from datetime import date, timedelta
from itertools import combinations, pairwise

from ortools.sat.python import cp_model

from scheduling.availability.programs.program import Attends, Program, ProgramCriteria
from scheduling.availability.timegrid.grid import Span

from .practice import DAY, Practice, five_minutes, rests
from .rulebook import apart, attended_from_outside, headcount, reserved, rested, seat, timely, visits


def fewest_handovers(
    state: Practice, program: Program, criteria: ProgramCriteria, office: int, first: date
) -> int | None:
    """The fewest handovers of any plan at `office` that starts on `first`; None if there is no plan.

    CP-SAT runs with one worker, so that every run gives the same result.
    """
    spans = visits(state, program, office, first)
    if spans is None or not timely(state, program, criteria, office, spans, first):
        return None
    if not attended_from_outside(state, program, office, spans) or not apart(state, program, criteria, office, spans):
        return None
    model = cp_model.CpModel()
    leads = _staff(model, state, program, criteria, office, spans, first)
    _house(model, state, program, office, spans)
    model.minimize(sum(_changes(model, program, leads)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    answer = solver.solve(model)
    assert answer in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    return None if answer == cp_model.INFEASIBLE else round(solver.objective_value)


def _changes(model, program: Program, leads: dict) -> list:
    """One variable per two consecutive blocks of a position: 1 if there is a handover between them."""
    seats: dict = {}
    for index, block in enumerate(program.blocks):
        for role in block.roles:
            seats.setdefault(seat(program, role, index), []).append((index, role))
    found = []
    for earlier, later in (pair for spots in seats.values() for pair in pairwise(spots)):
        change = model.new_bool_var("")
        for (index, role, one), var in leads.items():
            if (index, role) == later:
                model.add(var - leads.get((*earlier, one), 0) <= change)
        found.append(change)
    return found


def _staff(
    model, state: Practice, program: Program, criteria: ProgramCriteria, office: int, spans: list[Span], first: date
) -> dict:
    leads = {}
    for index, block in enumerate(program.blocks):
        held = reserved(program, spans[index])
        for role in block.roles:
            for one in state.people.values():
                if not rested(one, program, first + timedelta(days=block.day)):
                    continue
                if _may_lead(program, criteria, role, index, one) and state.can_come(one, office, spans[index], held):
                    leads[index, role, one.id] = model.new_bool_var("")
            model.add_exactly_one(var for (i, r, _), var in leads.items() if (i, r) == (index, role))
    for number, person in state.people.items():
        mine = {(i, role): var for (i, role, who), var in leads.items() if who == number}
        _in_one_place(model, mine, spans)
        _one_partner_alone(model, program, mine)
        _limited(model, state, program, number, mine, first)
        led = [(reserved(program, spans[i]), var) for (i, _), var in mine.items()]
        _rested_at_noon(model, state, person, office, led)
    _continuous(model, program, leads)
    return leads


def _may_lead(program: Program, criteria: ProgramCriteria, role: int, index: int, one) -> bool:
    # A clinician barred from a partner may not fill a role with individual work for that partner. If the role is split
    # into one position per partner, only that partner's position is barred.
    alone = {block.attends for block in program.blocks if role in block.roles} - {Attends.BOTH}
    if role in program.shared_roles:
        alone = set()
    elif len(alone) == 2:
        alone &= {program.blocks[index].attends}
    barred = {who for track in alone for who in criteria.barred.get(track, ())}
    return (
        role in one.roles
        and one.id not in criteria.excluded_ids | barred
        and one.id in criteria.only.get(role, {one.id})
    )


def _rested_at_noon(model, state: Practice, person, office: int, mine: list) -> None:
    # Every break fits beside the blocks they lead, their other visits and the travel between them.
    if not mine:
        return
    zone = state.zone(person, None)
    first = min(held.start for held, _ in mine).astimezone(zone).date() - DAY
    last = max(held.end for held, _ in mine).astimezone(zone).date() + DAY
    for number in range((last - first).days + 1):
        for rule in person.breaks:
            long, cells = five_minutes(zone, first + timedelta(days=number), rule)
            there = [one for one in rests(long, cells) if state.allows_break(person.visits, one)]
            _fits_somewhere(model, state, person, office, there, mine)
            for held, var in () if there else mine:
                if any(held.overlaps(cell) for cell in cells):
                    model.add(var == 0)


def _fits_somewhere(model, state: Practice, person, office: int, there: list[Span], mine: list) -> None:
    # At least one of the possible times `there` stays free of the blocks they lead.
    chosen = [model.new_bool_var("") for _ in there]
    for rest, var in zip(there, chosen, strict=True):
        for held, led in mine:
            if not state.allows_break([*person.visits, (held, office)], rest):
                model.add_at_most_one(led, var)
    if chosen:
        model.add_bool_or(chosen)


def _in_one_place(model, mine: dict, spans: list[Span]) -> None:
    for (a, x), (b, y) in combinations(mine.items(), 2):
        if spans[a[0]].overlaps(spans[b[0]]):
            model.add_at_most_one(x, y)


def _one_partner_alone(model, program: Program, mine: dict) -> None:
    alone = {
        track: [
            var
            for (i, role), var in mine.items()
            if role not in program.shared_roles and program.blocks[i].attends is track
        ]
        for track in (Attends.A, Attends.B)
    }
    for x in alone[Attends.A]:
        for y in alone[Attends.B]:
            model.add_at_most_one(x, y)


def _limited(model, state: Practice, program: Program, one: int, mine: dict, first: date) -> None:
    person, by_day, by_week = state.people[one], {}, {}
    for (index, _), var in mine.items():
        block = program.blocks[index]
        day = first + timedelta(days=block.day)
        by_day.setdefault(day, []).append(var * block.length)
        by_week.setdefault(day - timedelta(days=day.weekday()), []).append(var * block.length)
    for day, terms in by_day.items():
        if program.daily_limit is not None:
            _at_most(model, terms, program.daily_limit - person.intensive.get(day, 0))
        if person.intensive_daily_limit is not None:
            _at_most(model, terms, person.intensive_daily_limit - person.intensive.get(day, 0))
        if person.daily_limit is not None:
            _at_most(model, terms, person.daily_limit - person.booked.get(day, 0))
    for monday, terms in by_week.items():
        if person.weekly_limit is not None:
            used = sum(person.booked.get(monday + timedelta(days=n), 0) for n in range(7))
            _at_most(model, terms, person.weekly_limit - used)
    if program.total_limit is not None:
        _at_most(model, [term for terms in by_day.values() for term in terms], program.total_limit)


def _at_most(model, terms: list, left: int) -> None:
    # The minutes left may be negative. Leading no block is allowed even then.
    model.add(sum(terms) <= max(left, 0))


def _continuous(model, program: Program, leads: dict) -> None:
    used: dict = {}
    for (index, role, one), var in leads.items():
        people = used.setdefault(seat(program, role, index), {})
        if one not in people:
            people[one] = model.new_bool_var("")
        model.add_implication(var, people[one])
    for people in used.values():
        model.add(sum(people.values()) <= program.people_per_role)


def _house(model, state: Practice, program: Program, office: int, spans: list[Span]) -> None:
    rooms = {}
    roomed = [index for index, block in enumerate(program.blocks) if block.room]
    dens = [den for den in state.dens.values() if den.office == office]
    for index in roomed:
        people, held = headcount(program, program.blocks[index]), reserved(program, spans[index])
        for den in dens:
            rooms[index, den.id] = model.new_bool_var("")
            if not state.has_room(den, people, held):
                model.add(rooms[index, den.id] == 0)
        model.add_exactly_one(rooms[index, den.id] for den in dens)
    for i, j in combinations(roomed, 2):
        same_track = program.blocks[i].attends is program.blocks[j].attends
        for den in dens:
            if spans[i].overlaps(spans[j]):
                model.add_at_most_one(rooms[i, den.id], rooms[j, den.id])
            elif program.one_room and same_track:
                model.add(rooms[i, den.id] == rooms[j, den.id])
