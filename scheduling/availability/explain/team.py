"""What keeps a program from its team on one date: what those lack who come nearest to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from scheduling.availability.explain.nearest import Choice, Nearest
from scheduling.availability.explain.obstacles import RULES, Obstacle, Why, in_force
from scheduling.availability.explain.one_date import OneDate
from scheduling.availability.explain.single import SECOND_TO_BUSY, road, second_to_busy
from scheduling.availability.programs.limits import Allowance, Limits
from scheduling.availability.programs.positions import Position
from scheduling.availability.timegrid.grid import Span, indexes

# What can keep a clinician from one block; the last two count where they are not busy anyway.
_OF_BLOCKS = (Why.LICENSE, Why.NOT_WORKING, Why.BUSY, Why.REST, Why.TRAVEL, Why.BREAK)
# What can keep a clinician from all of their blocks together.
_OF_LEADS = (
    Why.PROGRAM_DAILY_LIMIT,
    Why.PROGRAM_LIMIT,
    Why.INTENSIVE_LIMIT,
    Why.DAILY_LIMIT,
    Why.WEEKLY_LIMIT,
    Why.BREAK,
)


class Filled(NamedTuple):
    """Who comes nearest to filling a position (None: nobody is left); `substitutes`: who else leads which blocks."""

    position: Position
    lead: Choice | None
    substitutes: Mapping[int, int]

    @property
    def uncovered(self) -> int:
        """The blocks in which nobody of them is free."""
        missing = self.position.need if self.lead is None else self.lead.missing
        return missing & ~sum(self.substitutes.values())


def team_obstacles(on: OneDate) -> Iterator[Obstacle]:
    """Where nobody of the nearest team can lead, and what would be too much for one of them."""
    led: dict[int, int] = {}
    found: list[Obstacle] = []
    for cast in nearest_team(on):
        if cast.lead is None:
            found += _nobody(on, cast)
        else:
            found += _missing(on, cast.lead.resource_id, cast.uncovered, cast.position.role_id)
            _add(led, cast.lead.resource_id, cast.position.need & ~sum(cast.substitutes.values()))
        for one, blocks in cast.substitutes.items():
            _add(led, one, blocks)
    yield from found
    for one, blocks in led.items():
        yield from (other for other in _too_much(on, one, blocks) if not any(_is_told(other, told) for told in found))


def _is_told(other: Obstacle, told: Obstacle) -> bool:
    # A break that one block alone takes is told of the block.
    alike = told.why is other.why and told.clinician_id == other.clinician_id
    return alike and told.span is not None and other.span is not None and told.span.overlaps(other.span)


def nearest_team(on: OneDate) -> list[Filled]:
    """One clinician for each position, and substitutes where the program allows them and they are free."""
    limits = {one: _allowance(on, on.problem.limits, one) for one in on.problem.able}
    choices = [
        [Choice(one, position.need & ~on.people_free[one]) for one in on.who_come(candidates)]
        for position, candidates in zip(on.problem.positions, on.problem.candidates, strict=True)
    ]
    leads = Nearest(on.problem.positions, choices, on.conflicts, limits).best
    return _Substitutes(on, leads, limits).cast()


class _Substitutes:
    """Fills what the leads lack, the longest stretch first, with at most as many people as the program allows."""

    def __init__(self, on: OneDate, leads: Sequence[Choice | None], limits: Mapping[int, Allowance | None]) -> None:
        self.on, self.leads, self.limits = on, leads, limits
        self.taken: dict[int, int] = {}
        self.sides: dict[int, int] = {}
        for position, lead in zip(on.problem.positions, leads, strict=True):
            if lead is not None:
                self._take(position, lead.resource_id, position.need)

    def cast(self) -> list[Filled]:
        """Each position with its lead and substitutes."""
        return [
            Filled(self.on.problem.positions[at], lead, self._substitutes(at, lead))
            for at, lead in enumerate(self.leads)
        ]

    def _substitutes(self, at: int, lead: Choice | None) -> dict[int, int]:
        position, found = self.on.problem.positions[at], dict[int, int]()
        rest = position.need if lead is None else lead.missing
        for _ in range(self.on.program.people_per_role - (lead is not None)):
            could = [
                (self._could(one, position, rest), one) for one in self.on.who_come(self.on.problem.candidates[at])
            ]
            blocks, one = max(could, key=lambda pair: pair[0].bit_count(), default=(0, 0))
            if not blocks or self.on.program.people_per_role == 1:
                break
            self._take(position, one, blocks)
            found[one], rest = blocks, rest & ~blocks
        return found

    def _take(self, position: Position, one: int, blocks: int) -> None:
        _add(self.taken, one, blocks)
        self.sides[one] = self.sides.get(one, 0) | position.sides(blocks)

    def _could(self, one: int, position: Position, rest: int) -> int:
        # Of `rest` the blocks that somebody could take on top, one after the other.
        taken, sides, blocks = self.taken.get(one, 0), self.sides.get(one, 0), 0
        limit = self.limits.get(one)
        for index in indexes(rest & self.on.people_free[one]):
            mine = blocks | 1 << index
            alone = sides | position.sides(mine)
            clash = self.on.conflicts.of_block[index] & (taken | blocks)
            if alone != 3 and not clash and (limit is None or limit.allows(taken | mine)):
                blocks = mine
        return blocks


def _add(led: dict[int, int], one: int, blocks: int) -> None:
    led[one] = led.get(one, 0) | blocks


def _nobody(on: OneDate, cast: Filled) -> Iterator[Obstacle]:
    candidates = on.problem.candidates[on.problem.positions.index(cast.position)]
    if on.program.people_per_role == 1 and on.conflicts.inside(cast.position.need):
        why = Why.TEAM
    elif not candidates:
        why = Why.NOBODY
    elif not on.who_come(candidates):
        why = Why.NOT_WORKING
    else:
        why = Why.TWO_CLINICIANS if cast.position.sides(cast.position.need) else Why.TEAM
    for index in indexes(cast.uncovered)[:1]:
        yield on.in_block(why, index, role_id=cast.position.role_id)


def _missing(on: OneDate, one: int, blocks: int, role_id: int) -> Iterator[Obstacle]:
    able = {why: on.led_under({why}, one) for why in _OF_BLOCKS} if blocks else {}
    if blocks:
        second = second_to_busy({rules: on.led_under(rules, one) for rules in SECOND_TO_BUSY})
        able[Why.TRAVEL], able[Why.BREAK] = second
    for index in indexes(blocks):
        for why in _OF_BLOCKS:
            # Where the place is closed nobody is expected to work.
            if not able[why] >> index & 1 and (why is not Why.NOT_WORKING or on.open_for >> index & 1):
                other_id = _road(on, one, index) if why is Why.TRAVEL else None
                yield on.in_block(why, index, clinician_id=one, role_id=role_id, other_id=other_id)


def _road(on: OneDate, one: int, index: int) -> int | None:
    clinician = on.snapshot.clinicians[one]
    return road(on.snapshot, clinician, on.location_id, on.base + on.layout[index], on.shapes[index])


def _too_much(on: OneDate, one: int, led: int) -> Iterator[Obstacle]:
    allowed = _allowance(on, on.problem.limits, one)
    if allowed is None or allowed.allows(led):
        return
    for why in _OF_LEADS:
        mine = _allowance_under(on, why, one)
        if mine is not None and not mine.allows(led):
            days = [led & blocks for blocks in on.problem.limits.blocks_of_day]
            for blocks in [day for day in days if not mine.allows(day)] or [led]:
                numbers = indexes(blocks)
                span = Span(on.span(numbers[0]).start, on.span(numbers[-1]).end)
                yield Obstacle(why, span, clinician_id=one)


def _allowance(on: OneDate, limits: Limits, one: int) -> Allowance | None:
    return limits.allowance(on.snapshot.clinicians[one], on.location_id, on.criteria.first, on.layout, on.base)


def _allowance_under(on: OneDate, why: Why, one: int) -> Allowance | None:
    snapshot = replace(on.snapshot, clinicians={one: on.snapshot.clinicians[one]})
    # A break is also taken by the way.
    clinician = in_force(snapshot, RULES & {why, Why.BUSY, Why.TRAVEL}).clinicians[one]
    program = replace(
        on.program,
        daily_limit=on.program.daily_limit if why is Why.PROGRAM_DAILY_LIMIT else None,
        total_limit=on.program.total_limit if why is Why.PROGRAM_LIMIT else None,
    )
    return Limits(program, snapshot.travel).allowance(clinician, on.location_id, on.criteria.first, on.layout, on.base)
