"""The obstacles of a program's team on one date: what the team that comes nearest to leading it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from scheduling.availability.explain.nearest import Choice, Nearest
from scheduling.availability.explain.obstacles import RULES, Obstacle, Why, in_force
from scheduling.availability.explain.one_date import OneDate
from scheduling.availability.explain.single import SECOND_TO_BUSY, other_office, second_to_busy
from scheduling.availability.programs.limits import Allowance, Limits
from scheduling.availability.programs.positions import Position
from scheduling.availability.timegrid.grid import Span, indexes

# Rules that can keep a clinician from one block. The last two count only where the clinician is not busy.
_OF_BLOCKS = (Why.LICENSE, Why.NOT_WORKING, Why.BUSY, Why.REST, Why.TRAVEL, Why.BREAK)
# Rules that can keep a clinician from leading all of their blocks together.
_OF_LEADS = (
    Why.PROGRAM_DAILY_LIMIT,
    Why.PROGRAM_LIMIT,
    Why.INTENSIVE_LIMIT,
    Why.DAILY_LIMIT,
    Why.WEEKLY_LIMIT,
    Why.BREAK,
)


class Filled(NamedTuple):
    """A position with the clinicians who come nearest to filling it.

    `lead`: None if no candidate is left. `substitutes`: clinician id -> the blocks that they lead instead.
    """

    position: Position
    lead: Choice | None
    substitutes: Mapping[int, int]

    @property
    def uncovered(self) -> int:
        """The blocks for which neither the lead nor a substitute is free."""
        missing = self.position.need if self.lead is None else self.lead.missing
        return missing & ~sum(self.substitutes.values())


def team_obstacles(one_date: OneDate) -> Iterator[Obstacle]:
    """Obstacles for blocks that nobody of the nearest team can lead, then for limits that its members would exceed."""
    led: dict[int, int] = {}
    found: list[Obstacle] = []
    for filled in nearest_team(one_date):
        if filled.lead is None:
            found += _unfilled(one_date, filled)
        else:
            found += _missing(one_date, filled.lead.resource_id, filled.uncovered, filled.position.role_id)
            _add(led, filled.lead.resource_id, filled.position.need & ~sum(filled.substitutes.values()))
        for clinician_id, blocks in filled.substitutes.items():
            _add(led, clinician_id, blocks)
    yield from found
    for clinician_id, blocks in led.items():
        yield from (
            obstacle
            for obstacle in _too_much(one_date, clinician_id, blocks)
            if not any(_is_reported(obstacle, earlier) for earlier in found)
        )


def _is_reported(obstacle: Obstacle, earlier: Obstacle) -> bool:
    # A break lost to one block alone has been reported for that block already.
    is_same = earlier.why is obstacle.why and earlier.clinician_id == obstacle.clinician_id
    return is_same and earlier.span is not None and obstacle.span is not None and earlier.span.overlaps(obstacle.span)


def nearest_team(one_date: OneDate) -> list[Filled]:
    """One clinician for each position, with substitutes if the program allows them and they are free."""
    limits = {person: _allowance(one_date, one_date.problem.limits, person) for person in one_date.problem.able}
    choices = [
        [Choice(person, position.need & ~one_date.people_free[person]) for person in one_date.who_come(candidates)]
        for position, candidates in zip(one_date.problem.positions, one_date.problem.candidates, strict=True)
    ]
    leads = Nearest(one_date.problem.positions, choices, one_date.conflicts, limits).best
    return _Substitutes(one_date, leads, limits).filled()


class _Substitutes:
    """Covers blocks that the leads lack: whoever can take the most blocks first, within `people_per_role`."""

    def __init__(
        self, one_date: OneDate, leads: Sequence[Choice | None], limits: Mapping[int, Allowance | None]
    ) -> None:
        self.one_date, self.leads, self.limits = one_date, leads, limits
        self.taken: dict[int, int] = {}
        self.sides: dict[int, int] = {}
        for position, lead in zip(one_date.problem.positions, leads, strict=True):
            if lead is not None:
                self._take(position, lead.resource_id, position.need)

    def filled(self) -> list[Filled]:
        """Each position with its lead and substitutes."""
        return [
            Filled(self.one_date.problem.positions[at], lead, self._substitutes(at, lead))
            for at, lead in enumerate(self.leads)
        ]

    def _substitutes(self, at: int, lead: Choice | None) -> dict[int, int]:
        position, found = self.one_date.problem.positions[at], dict[int, int]()
        rest = position.need if lead is None else lead.missing
        for _ in range(self.one_date.program.people_per_role - (lead is not None)):
            options = [
                (self._could(person, position, rest), person)
                for person in self.one_date.who_come(self.one_date.problem.candidates[at])
            ]
            blocks, person = max(options, key=lambda pair: pair[0].bit_count(), default=(0, 0))
            if not blocks or self.one_date.program.people_per_role == 1:
                break
            self._take(position, person, blocks)
            found[person], rest = blocks, rest & ~blocks
        return found

    def _take(self, position: Position, person: int, blocks: int) -> None:
        _add(self.taken, person, blocks)
        self.sides[person] = self.sides.get(person, 0) | position.sides(blocks)

    def _could(self, person: int, position: Position, rest: int) -> int:
        # The blocks of `rest` that the clinician could take beside those they have, added one after the other.
        taken, sides, blocks = self.taken.get(person, 0), self.sides.get(person, 0), 0
        limit = self.limits.get(person)
        for index in indexes(rest & self.one_date.people_free[person]):
            more = blocks | 1 << index
            all_sides = sides | position.sides(more)
            conflicting = self.one_date.conflicts.of_block[index] & (taken | blocks)
            if all_sides != 3 and not conflicting and (limit is None or limit.allows(taken | more)):
                blocks = more
        return blocks


def _add(led: dict[int, int], person: int, blocks: int) -> None:
    led[person] = led.get(person, 0) | blocks


def _unfilled(one_date: OneDate, filled: Filled) -> Iterator[Obstacle]:
    candidates = one_date.problem.candidates[one_date.problem.positions.index(filled.position)]
    if one_date.program.people_per_role == 1 and one_date.conflicts.inside(filled.position.need):
        why = Why.TEAM
    elif not candidates:
        why = Why.NOBODY
    elif not one_date.who_come(candidates):
        why = Why.NOT_WORKING
    else:
        why = Why.TWO_CLINICIANS if filled.position.sides(filled.position.need) else Why.TEAM
    for index in indexes(filled.uncovered)[:1]:
        yield one_date.in_block(why, index, role_id=filled.position.role_id)


def _missing(one_date: OneDate, clinician_id: int, blocks: int, role_id: int) -> Iterator[Obstacle]:
    able = {why: one_date.led_under({why}, clinician_id) for why in _OF_BLOCKS} if blocks else {}
    if blocks:
        second = second_to_busy({rules: one_date.led_under(rules, clinician_id) for rules in SECOND_TO_BUSY})
        able[Why.TRAVEL], able[Why.BREAK] = second
    for index in indexes(blocks):
        for why in _OF_BLOCKS:
            # Nobody is expected to work while the location is closed, and that is reported already.
            if not able[why] >> index & 1 and (why is not Why.NOT_WORKING or one_date.open_for >> index & 1):
                other_id = _other_office(one_date, clinician_id, index) if why is Why.TRAVEL else None
                yield one_date.in_block(why, index, clinician_id=clinician_id, role_id=role_id, other_id=other_id)


def _other_office(one_date: OneDate, clinician_id: int, index: int) -> int | None:
    clinician = one_date.snapshot.clinicians[clinician_id]
    return other_office(
        one_date.snapshot,
        clinician,
        one_date.location_id,
        one_date.base + one_date.layout[index],
        one_date.shapes[index],
    )


def _too_much(one_date: OneDate, clinician_id: int, led: int) -> Iterator[Obstacle]:
    allowed = _allowance(one_date, one_date.problem.limits, clinician_id)
    if allowed is None or allowed.allows(led):
        return
    for why in _OF_LEADS:
        under_rule = _allowance_under(one_date, why, clinician_id)
        if under_rule is not None and not under_rule.allows(led):
            days = [led & blocks for blocks in one_date.problem.limits.blocks_of_day]
            for blocks in [day for day in days if not under_rule.allows(day)] or [led]:
                numbers = indexes(blocks)
                span = Span(one_date.span(numbers[0]).start, one_date.span(numbers[-1]).end)
                yield Obstacle(why, span, clinician_id=clinician_id)


def _allowance(one_date: OneDate, limits: Limits, clinician_id: int) -> Allowance | None:
    return limits.allowance(
        one_date.snapshot.clinicians[clinician_id],
        one_date.location_id,
        one_date.criteria.first,
        one_date.layout,
        one_date.base,
    )


def _allowance_under(one_date: OneDate, why: Why, clinician_id: int) -> Allowance | None:
    snapshot = replace(one_date.snapshot, clinicians={clinician_id: one_date.snapshot.clinicians[clinician_id]})
    # Commitments and travel stay in force for every rule, because both can take the time of a break.
    clinician = in_force(snapshot, RULES & {why, Why.BUSY, Why.TRAVEL}).clinicians[clinician_id]
    program = replace(
        one_date.program,
        daily_limit=one_date.program.daily_limit if why is Why.PROGRAM_DAILY_LIMIT else None,
        total_limit=one_date.program.total_limit if why is Why.PROGRAM_LIMIT else None,
    )
    return Limits(program, snapshot.travel).allowance(
        clinician, one_date.location_id, one_date.criteria.first, one_date.layout, one_date.base
    )
