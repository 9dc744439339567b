"""The rules of a program, checked slowly one by one, and a search that tries every combination."""

from datetime import date, timedelta
from itertools import combinations, pairwise, product

from scheduling.availability.programs.program import Attends, Block, Program, ProgramCriteria
from scheduling.availability.timegrid.grid import Span
from scheduling.availability.timegrid.walltime import WallTimeError, instant

from .practice import Person, Practice


def visits(state: Practice, program: Program, office: int, first: date) -> list[Span] | None:
    """The UTC span of each block; None if the program has no valid times on `first`.

    That is so if clocks skip the time of a block or show it twice, or if they go forward so that a client would be in
    two blocks at once or a block would follow another too soon.
    """
    spans = _spans(state, program, office, first)
    return spans if spans and _one_after_the_other(program, spans) and _in_order(program, spans) else None


def _one_after_the_other(program: Program, spans: list[Span]) -> bool:
    both = {Attends.A, Attends.B}
    pairs = combinations(zip(program.blocks, spans, strict=True), 2)
    return not any({a.attends, b.attends} != both and x.overlaps(y) for (a, x), (b, y) in pairs)


def _in_order(program: Program, spans: list[Span]) -> bool:
    ends = {block.id: span.end for block, span in zip(program.blocks, spans, strict=True)}
    return all(
        block.after_id is None or span.start >= ends[block.after_id] + timedelta(minutes=block.after_minutes)
        for block, span in zip(program.blocks, spans, strict=True)
    )


def _spans(state: Practice, program: Program, office: int, first: date) -> list[Span] | None:
    try:
        starts = [
            instant(first + timedelta(days=block.day), block.start_minute, state.offices[office].zone)
            for block in program.blocks
        ]
    except WallTimeError:
        return None
    return [Span(at, at + timedelta(minutes=b.length)) for at, b in zip(starts, program.blocks, strict=True)]


def reserved(program: Program, visit: Span) -> Span:
    return visit.widened(timedelta(minutes=program.buffer_before), timedelta(minutes=program.buffer_after))


def people_are_right(state: Practice, program: Program, spans: list[Span], leads: dict[tuple[int, int], int]) -> bool:
    """True if roles, continuity, the partners' own clinicians and one block at a time are respected.

    `leads`: (block index, role id) -> clinician id.
    """
    seats: dict[object, set[int]] = {}
    for (i, role), one in leads.items():
        seats.setdefault(seat(program, role, i), set()).add(one)
        if role not in state.people[one].roles:
            return False
        for (j, other_role), other in leads.items():
            if one == other and (i, role) != (j, other_role) and spans[i].overlaps(spans[j]):
                return False
            kinds = {program.blocks[i].attends, program.blocks[j].attends}
            if one == other and kinds == {Attends.A, Attends.B} and not {role, other_role} & program.shared_roles:
                return False
    return all(len(people) <= program.people_per_role for people in seats.values())


def seat(program: Program, role: int, index: int) -> object:
    """The position of a role in a block: the role, or role and track if the role sees both partners individually."""
    kinds = {block.attends for block in program.blocks if role in block.roles}
    split = {Attends.A, Attends.B} <= kinds and role not in program.shared_roles
    return (role, program.blocks[index].attends) if split else role


def within_limits(state: Practice, program: Program, leads: dict[tuple[int, int], int], first: date) -> bool:
    led: dict[int, dict[date, int]] = {}
    for (index, _), one in leads.items():
        block = program.blocks[index]
        day = first + timedelta(days=block.day)
        mine = led.setdefault(one, {})
        mine[day] = mine.get(day, 0) + block.length
    return all(_person_within_limits(state.people[one], program, minutes) for one, minutes in led.items())


def breaks_are_kept(
    state: Practice, program: Program, office: int, spans: list[Span], leads: dict[tuple[int, int], int]
) -> bool:
    taken: dict[int, list[Span]] = {}
    for (index, _), one in leads.items():
        taken.setdefault(one, []).append(reserved(program, spans[index]))
    return all(state.keeps_breaks(state.people[one], office, mine) for one, mine in taken.items())


def _person_within_limits(person: Person, program: Program, minutes: dict[date, int]) -> bool:
    if program.total_limit is not None and sum(minutes.values()) > program.total_limit:
        return False
    for day, led in minutes.items():
        if led and not rested(person, program, day):
            return False
        if program.daily_limit is not None and person.intensive.get(day, 0) + led > program.daily_limit:
            return False
        most = person.intensive_daily_limit
        if most is not None and person.intensive.get(day, 0) + led > most:
            return False
        if person.daily_limit is not None and person.booked.get(day, 0) + led > person.daily_limit:
            return False
        week = [day + timedelta(days=n - day.weekday()) for n in range(7)]
        weekly = sum(person.booked.get(one, 0) + minutes.get(one, 0) for one in week)
        if person.weekly_limit is not None and weekly > person.weekly_limit:
            return False
    return True


def rested(person: Person, program: Program, day: date) -> bool:
    for other in person.intensive:
        rest = max(program.rest_days, person.rests.get(other, 0))
        if person.intensive[other] and rest and abs((other - day).days) <= rest:
            return False
    return True


def handovers(program: Program, leads: dict[tuple[int, int], int]) -> int:
    """The number of handovers: how often a position passes to another clinician."""
    seats: dict[object, list[int]] = {}
    for (index, role), one in sorted(leads.items()):
        seats.setdefault(seat(program, role, index), []).append(one)
    return sum(earlier != later for people in seats.values() for earlier, later in pairwise(people))


def rooms_are_right(program: Program, spans: list[Span], rooms: dict[int, int]) -> bool:
    """True if joint work and each track keep one room and no room is used twice at once.

    `rooms`: block index -> room id.
    """
    for i, j in product(rooms, repeat=2):
        same_track = program.blocks[i].attends is program.blocks[j].attends
        if program.one_room and same_track and rooms[i] != rooms[j]:
            return False
        if i != j and rooms[i] == rooms[j] and spans[i].overlaps(spans[j]):
            return False
    return True


def timely(
    state: Practice, program: Program, criteria: ProgramCriteria, office: int, spans: list[Span], first: date
) -> bool:
    if program.start_weekdays and first.weekday() not in program.start_weekdays:
        return False
    if not all(state.is_open(state.offices[office], span) for span in spans):
        return False
    if not (criteria.first <= first < criteria.until and criteria.earliest <= spans[0].start < criteria.latest):
        return False
    for track, client in zip((Attends.A, Attends.B), criteria.client_ids, strict=False):
        for block, span in zip(program.blocks, spans, strict=True):
            if block.attends in (track, Attends.BOTH) and any(span.overlaps(s) for s in state.clients.get(client, ())):
                return False
    return True


def attended_from_outside(state: Practice, program: Program, office: int, spans: list[Span]) -> bool:
    needs = [(b.external_id, span) for b, span in zip(program.blocks, spans, strict=True) if b.external_id is not None]
    return all(one in state.guests and state.guests[one].can_be_at(office, span) for one, span in needs)


def apart(state: Practice, program: Program, criteria: ProgramCriteria, office: int, spans: list[Span]) -> bool:
    clients = dict(zip((Attends.A, Attends.B), criteria.client_ids, strict=False))
    return not any(
        state.meets([one for track, one in clients.items() if block.attends in (track, Attends.BOTH)], span, office)
        for block, span in zip(program.blocks, spans, strict=True)
    )


def possible(state: Practice, program: Program, criteria: ProgramCriteria, office: int, first: date) -> bool:
    """True if any combination works, with every clinician for every role and every room for every block tried."""
    spans = visits(state, program, office, first)
    if spans is None or not timely(state, program, criteria, office, spans, first):
        return False
    if not attended_from_outside(state, program, office, spans) or not apart(state, program, criteria, office, spans):
        return False
    return _housed(state, program, office, spans) and _staffed(state, program, office, spans, first)


def _staffed(state: Practice, program: Program, office: int, spans: list[Span], first: date) -> bool:
    seats = [(index, role) for index, block in enumerate(program.blocks) for role in block.roles]
    able = [
        [
            one.id
            for one in state.people.values()
            if role in one.roles and state.can_come(one, office, spans[i], reserved(program, spans[i]))
        ]
        for i, role in seats
    ]
    return any(
        people_are_right(state, program, spans, leads)
        and within_limits(state, program, leads, first)
        and breaks_are_kept(state, program, office, spans, leads)
        for leads in (dict(zip(seats, choice, strict=True)) for choice in product(*able))
    )


def _housed(state: Practice, program: Program, office: int, spans: list[Span]) -> bool:
    roomed = [index for index, block in enumerate(program.blocks) if block.room]
    able = [[den for den in state.dens if holds(state, program, office, den, i, spans)] for i in roomed]
    return any(rooms_are_right(program, spans, dict(zip(roomed, choice, strict=True))) for choice in product(*able))


def holds(state: Practice, program: Program, office: int, den: int, index: int, spans: list[Span]) -> bool:
    block = program.blocks[index]
    here = state.dens[den].office == office
    return here and state.has_room(state.dens[den], headcount(program, block), reserved(program, spans[index]))


def headcount(program: Program, block: Block) -> int:
    guests = 0 if block.external_id is None else 1
    return guests + len(block.roles) + (program.clients if block.attends is Attends.BOTH else 1)
