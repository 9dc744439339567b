"""Staffing: fills the positions of a program at one location, first for all start dates by masks, then date by date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import islice

from scheduling.availability.programs.limits import Allowance, has_own
from scheduling.availability.programs.prefilter import (
    PackedStarts,
    StartsByLength,
    covered_by_any,
    covered_by_one,
    spots,
)
from scheduling.availability.programs.problem import Problem, StartDates
from scheduling.availability.programs.solver import Solver, Team, handovers_of
from scheduling.availability.timegrid.grid import indexes, union
from scheduling.availability.timegrid.masks import monday_of

# For each block: (role id, clinician id), in the block's order of roles.
Leads = tuple[tuple[tuple[int, int], ...], ...]
# For each position: clinician id -> the blocks they are free to lead, preferred clinicians first.
Ables = list[dict[int, int]]


class Staffing:
    """The positions of `problem` at a location on `dates`, filled from the clinicians in `starts`.

    `starts`: clinician id -> starts by length of block. A start date is named by `base`, its cell of local midnight.
    """

    def __init__(
        self, problem: Problem, location_id: int, starts: Mapping[int, StartsByLength], dates: StartDates
    ) -> None:
        self.problem, self.location_id, self.starts, self.dates = problem, location_id, starts, dates
        self.solver = Solver(problem.positions, problem.conflicts(dates.layout), problem.people)
        self.common: dict[int, Allowance | None] = dict.fromkeys(starts, problem.limits.common)
        self.limited = [person for person in starts if has_own(problem.snapshot.clinicians[person])]
        self._teams: dict[int, list[Team]] = {}

    @cached_property
    def possible(self) -> int:
        """Prefilter: mask of the start dates that may have a team. It drops no date that has one.

        Every block, seen alone, needs a clinician for each role. Without substitutes, every position needs one
        clinician who can lead all of its blocks.
        """
        mask = self.dates.mask
        for position, candidates in zip(self.problem.positions, self.problem.candidates, strict=True):
            starts = [self.starts[person] for person in candidates if person in self.starts]
            needed = spots(self.problem.lengths, self.dates.layout, position.need)
            mask = covered_by_any(starts, needed, mask)
            if self.problem.people == 1 and len(needed) > 1:
                mask = covered_by_one(starts, needed, mask)
        return mask

    def teams(self, base: int) -> list[Team]:
        """The best teams for the start date at cell `base`, at most `Problem.most_per_date`."""
        known = self._teams.get(base)
        if known is None:
            known = self._teams[base] = [*islice(_Day(self, base).teams(), self.problem.most_per_date)]
        return known

    def has_team(self, base: int) -> bool:
        """True if there is a team for the start date at cell `base`. Independent positions need no solver."""
        if base in self._teams or self.limited or self.problem.limits.common or any(self.solver.entangled):
            return bool(self.teams(base))
        return self.solver.has_choices(_Day(self, base).able, self.problem.load(monday_of(self.dates.days[base])))

    @cached_property
    def _packed(self) -> tuple[PackedStarts, dict[int, int]]:
        packer, blocks = PackedStarts(self.problem.lengths, self.dates.layout, self.possible), self.problem.could_lead
        return packer, {person: packer.packed(starts, blocks[person]) for person, starts in self.starts.items()}

    def free(self, base: int, order: Iterable[int]) -> dict[int, int]:
        """Clinician id -> the blocks they are free for if the program starts at cell `base`, in the given order."""
        packer, packed = self._packed
        return {person: packer.at(packed[person], base) for person in order if person in packed}

    def limits(self, base: int) -> dict[int, Allowance | None]:
        """Clinician id -> what they may lead if the program starts at cell `base`."""
        people, limits = self.problem.snapshot.clinicians, self.problem.limits
        when = self.dates.days[base], self.dates.layout, base
        own = {person: limits.allowance(people[person], self.location_id, *when) for person in self.limited}
        return {**self.common, **own} if own else self.common

    def leads(self, team: Team) -> Leads:
        """The clinicians of each block according to `team`."""
        return tuple([
            tuple([(role_id, team[at][index]) for role_id, at in seats]) for index, seats in enumerate(self._seats)
        ])  # fmt: skip

    @cached_property
    def _seats(self) -> list[list[tuple[int, int]]]:
        # For each block: (role id, index of the position that the role belongs to in this block).
        found: list[list[tuple[int, int]]] = []
        for index, block in enumerate(self.problem.program.blocks):
            found.append([])
            for role_id in block.roles:
                at = next(
                    at
                    for at, position in enumerate(self.problem.positions)
                    if position.role_id == role_id and position.need >> index & 1
                )
                found[-1].append((role_id, at))
        return found


class _Day:
    """One start date: which clinicians are free for which blocks, and the teams for it."""

    def __init__(self, staffing: Staffing, base: int) -> None:
        problem, first = staffing.problem, staffing.dates.days[base]
        self.solver, self.preferred, self.load = (
            staffing.solver,
            problem.criteria.preferred_ids,
            problem.load(monday_of(first)),
        )
        free = staffing.free(base, self.load)
        self.limits = staffing.limits(base)
        self.able: Ables = [
            {
                person: own_blocks
                for person, blocks in free.items()
                if person in candidates and (own_blocks := blocks & position.need)
            }
            for position, candidates in zip(problem.positions, problem.candidates, strict=True)
        ]

    def teams(self) -> Iterator[Team]:
        """The best team, then further teams.

        A further team is the best one that begins the first position with a clinician who begins it in no team so far.
        Once there is none, the same goes for the second position, and so on.
        """
        team = self._best(self.able)
        begun: list[set[int]] = [set() for _ in self.able]
        if team is not None:
            yield _noted(team, begun)
            for at, known in enumerate(begun):
                while (team := self._best(self._begun_by_others(at, known))) is not None:
                    yield _noted(team, begun)

    def _begun_by_others(self, at: int, known: Set[int]) -> Ables:
        need = self.solver.positions[at].need
        first = need & -need
        left = {person: blocks & ~first if person in known else blocks for person, blocks in self.able[at].items()}
        return _with(self.able, at, {person: blocks for person, blocks in left.items() if blocks})

    def _best(self, able: Ables) -> Team | None:
        team = self._preferred(able) if self.preferred else None
        return self._solve(able) if team is None else team

    def _preferred(self, able: Ables) -> Team | None:
        # Give each position to preferred clinicians only, if that works. If it works for none, have one lead a block of
        # the first position that allows it.
        team = None
        for at, able_here in enumerate(able):
            preferred = {person: blocks for person, blocks in able_here.items() if person in self.preferred}
            found = self._solve(_with(able, at, preferred)) if preferred else None
            if found is not None:
                able, team = _with(able, at, preferred), found
        if team is None and self.solver.people > 1:
            for at in range(len(able)):
                teams = [team for team in map(self._solve, self._with_a_preferred_block(able, at)) if team is not None]
                if teams:
                    return min(teams, key=handovers_of)
        return team

    def _with_a_preferred_block(self, able: Ables, at: int) -> Iterator[Ables]:
        able_here = able[at]
        for index in indexes(union(able_here[person] for person in able_here if person in self.preferred)):
            left = {
                person: blocks if person in self.preferred else blocks & ~(1 << index)
                for person, blocks in able_here.items()
            }
            yield _with(able, at, {person: blocks for person, blocks in left.items() if blocks})

    def _solve(self, able: Ables) -> Team | None:
        return self.solver.solve(able, self.limits, self.load)


def _with(able: Ables, at: int, able_here: dict[int, int]) -> Ables:
    return [*able[:at], able_here, *able[at + 1 :]]


def _noted(team: Team, begun: Sequence[set[int]]) -> Team:
    for people, members in zip(begun, team, strict=True):
        people.add(members[min(members)])
    return team
