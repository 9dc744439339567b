"""Who takes the positions of a program, for all start dates of one layout at once and then date by date."""

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
# For each position: clinician id -> the blocks that they could take, whoever is preferred first.
Ables = list[dict[int, int]]


class Staffing:
    """The positions of `problem` at a location on `dates`, filled from those of whom `starts` are known."""

    def __init__(
        self, problem: Problem, location_id: int, starts: Mapping[int, StartsByLength], dates: StartDates
    ) -> None:
        self.problem, self.location_id, self.starts, self.dates = problem, location_id, starts, dates
        self.solver = Solver(problem.positions, problem.conflicts(dates.layout), problem.people)
        self.common: dict[int, Allowance | None] = dict.fromkeys(starts, problem.limits.common)
        self.limited = [one for one in starts if has_own(problem.snapshot.clinicians[one])]
        self._teams: dict[int, list[Team]] = {}

    @cached_property
    def possible(self) -> int:
        """The start cells at which every block, seen alone, has somebody for each role; or every position somebody
        throughout, if there are no substitutes. Loses no possible date."""
        mask = self.dates.mask
        for position, candidates in zip(self.problem.positions, self.problem.candidates, strict=True):
            those = [self.starts[one] for one in candidates if one in self.starts]
            wanted = spots(self.problem.lengths, self.dates.layout, position.need)
            mask = covered_by_any(those, wanted, mask)
            if self.problem.people == 1 and len(wanted) > 1:
                mask = covered_by_one(those, wanted, mask)
        return mask

    def teams(self, base: int) -> list[Team]:
        """The best teams for the start date at cell `base`, as many as are wanted of each date."""
        known = self._teams.get(base)
        if known is None:
            known = self._teams[base] = [*islice(_Day(self, base).teams(), self.problem.most_per_date)]
        return known

    def has_team(self, base: int) -> bool:
        """Is there a team for the start date at cell `base`?"""
        if base in self._teams or self.limited or self.problem.limits.common or any(self.solver.entangled):
            return bool(self.teams(base))
        return self.solver.has_choices(_Day(self, base).able, self.problem.load(monday_of(self.dates.days[base])))

    @cached_property
    def _packed(self) -> tuple[PackedStarts, dict[int, int]]:
        packing, blocks = PackedStarts(self.problem.lengths, self.dates.layout, self.possible), self.problem.could_lead
        return packing, {one: packing.packed(starts, blocks[one]) for one, starts in self.starts.items()}

    def free(self, base: int, order: Iterable[int]) -> dict[int, int]:
        """The blocks for which each is free if the program starts at cell `base`, in the given order."""
        packing, packed = self._packed
        return {one: packing.at(packed[one], base) for one in order if one in packed}

    def limits(self, base: int) -> dict[int, Allowance | None]:
        """How much everybody may lead if the program starts at cell `base`."""
        people, limits = self.problem.snapshot.clinicians, self.problem.limits
        when = self.dates.days[base], self.dates.layout, base
        own = {one: limits.allowance(people[one], self.location_id, *when) for one in self.limited}
        return {**self.common, **own} if own else self.common

    def leads(self, team: Team) -> Leads:
        """Who leads each block, if each position is given as in `team`."""
        return tuple([
            tuple([(role_id, team[at][index]) for role_id, at in seats]) for index, seats in enumerate(self._seats)
        ])  # fmt: skip

    @cached_property
    def _seats(self) -> list[list[tuple[int, int]]]:
        # Of each block its roles, with the position to which each belongs.
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
    """One start date: who is free for what."""

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
            {one: mine for one, blocks in free.items() if one in wanted and (mine := blocks & position.need)}
            for position, wanted in zip(problem.positions, problem.candidates, strict=True)
        ]

    def teams(self) -> Iterator[Team]:
        """The best team, then the best of those that differ from all before in who begins the first position, then in
        who begins the second, and so on."""
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
        mine = {one: blocks & ~first if one in known else blocks for one, blocks in self.able[at].items()}
        return _with(self.able, at, {one: blocks for one, blocks in mine.items() if blocks})

    def _best(self, able: Ables) -> Team | None:
        team = self._preferred(able) if self.preferred else None
        return self._solve(able) if team is None else team

    def _preferred(self, able: Ables) -> Team | None:
        # Preferred ones alone in each position where that can be, else in a block of the first where that can be.
        team = None
        for at, those in enumerate(able):
            preferred = {one: blocks for one, blocks in those.items() if one in self.preferred}
            found = self._solve(_with(able, at, preferred)) if preferred else None
            if found is not None:
                able, team = _with(able, at, preferred), found
        if team is None and self.solver.people > 1:
            for at in range(len(able)):
                teams = [one for one in map(self._solve, self._with_a_preferred_block(able, at)) if one is not None]
                if teams:
                    return min(teams, key=handovers_of)
        return team

    def _with_a_preferred_block(self, able: Ables, at: int) -> Iterator[Ables]:
        those = able[at]
        for index in indexes(union(those[one] for one in those if one in self.preferred)):
            left = {one: blocks if one in self.preferred else blocks & ~(1 << index) for one, blocks in those.items()}
            yield _with(able, at, {one: blocks for one, blocks in left.items() if blocks})

    def _solve(self, able: Ables) -> Team | None:
        return self.solver.solve(able, self.limits, self.load)


def _with(able: Ables, at: int, those: dict[int, int]) -> Ables:
    return [*able[:at], those, *able[at + 1 :]]


def _noted(team: Team, begun: Sequence[set[int]]) -> Team:
    for people, members in zip(begun, team, strict=True):
        people.add(members[min(members)])
    return team
