"""Backtracking over bit masks of blocks: who takes which position, and which room which group of blocks.

Everything here is small integers: bit i of a mask is the program's i-th block.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from .grid import bits
from .positions import Position

# Minutes that somebody may still lead within a mask of blocks.
Budget = tuple[int, int]
# For each position: block index -> clinician id.
Team = list[dict[int, int]]


@dataclass(slots=True)
class Clashes:
    """`of_block[i]`: the blocks that share an instant with block i, itself included. Adjoining blocks do not (F5)."""

    of_block: Sequence[int]
    _of: dict[int, int]

    @classmethod
    def of(cls, begins: Sequence[int], ends: Sequence[int]) -> Clashes:
        """From begins and ends in any one unit."""
        blocks = range(len(begins))
        return cls([sum(1 << j for j in blocks if begins[i] < ends[j] and begins[j] < ends[i]) for i in blocks], {})

    def with_blocks(self, blocks: int) -> int:
        """The blocks that clash with any of `blocks`."""
        known = self._of.get(blocks)
        if known is None:
            known = 0
            for index, mask in enumerate(self.of_block):
                if blocks >> index & 1:
                    known |= mask
            self._of[blocks] = known
        return known


class Staffing:
    """One search: fills every position from its candidates, who are tried in the order given.

    `free`: clinician id -> blocks in which they are free. `budgets`: asked for once per clinician.
    `minutes`: length of each block. `people`: how many may share a position.
    """

    def __init__(
        self,
        positions: Sequence[Position],
        candidates: Sequence[Sequence[int]],
        free: Mapping[int, int],
        clashes: Clashes,
        minutes: Sequence[int],
        budgets: Callable[[int], Sequence[Budget]],
        people: int = 1,
    ) -> None:
        self.positions = positions
        self.candidates = candidates
        self.free = free
        self.clashes = clashes
        self.minutes = minutes
        self.ask_budgets = budgets
        self.people = people
        self.lasting: dict[int, int] = {}
        self.taken: dict[int, int] = {}
        self.sides: dict[int, int] = {}
        self.budgets: dict[int, Sequence[Budget]] = {}
        self.team: Team = [{} for _ in positions]
        self.choices = [
            _teams(position.need, able, free, people) for position, able in zip(positions, candidates, strict=True)
        ]
        # The position with the fewest choices first: it fails soonest.
        self.order = sorted(range(len(positions)), key=lambda p: len(self.choices[p]))

    def solve(self) -> Team | None:
        """The first complete team, or None if there is none."""
        return self.team if all(self.choices) and self._fill(0) else None

    def _fill(self, depth: int) -> bool:
        if depth == len(self.order):
            return True
        at = self.order[depth]
        need = self.positions[at].need
        if self.people == 1:
            return any(self._give(depth, at, team, team[0], need, 0) for team in self.choices[at])
        return any(self._share(depth, at, team, need) for team in self.choices[at])

    def _share(self, depth: int, at: int, team: tuple[int, ...], rest: int) -> bool:
        # The first block still without anybody goes to one of the team.
        if not rest:
            return self._fill(depth + 1)
        block = rest & -rest
        able = (one for one in team if self.free[one] & block)
        return any(self._give(depth, at, team, one, block, rest ^ block) for one in able)

    def _give(self, depth: int, at: int, team: tuple[int, ...], one: int, blocks: int, rest: int) -> bool:
        taken, sides = self.taken.get(one, 0), self.sides.get(one, 0)
        both = sides | self.positions[at].sides(blocks)
        if not self._may(one, taken, both, blocks):
            return False
        self.taken[one], self.sides[one] = taken | blocks, both
        if self._share(depth, at, team, rest):
            self.team[at].update(dict.fromkeys(bits(blocks), one))
            return True
        self.taken[one], self.sides[one] = taken, sides
        return False

    def _may(self, one: int, taken: int, sides: int, blocks: int) -> bool:
        if sides == 3 or (taken and self.clashes.with_blocks(blocks) & taken):
            return False
        budgets = self.budgets.get(one)
        if budgets is None:
            budgets = self.budgets[one] = self.ask_budgets(one)
        led = taken | blocks
        return all(not within & blocks or self._minutes_of(led & within) <= limit for within, limit in budgets)

    def _minutes_of(self, blocks: int) -> int:
        known = self.lasting.get(blocks)
        if known is None:
            known = self.lasting[blocks] = sum(self.minutes[index] for index in bits(blocks))
        return known


def _teams(need: int, able: Sequence[int], free: Mapping[int, int], people: int) -> list[tuple[int, ...]]:
    # Who together could cover `need`: one person first, then more, up to `people`; everybody if that is no restriction.
    if people >= len(able) > 1:
        united = 0
        for one in able:
            united |= free[one]
        return [tuple(able)] if united & need == need else []
    found: list[tuple[int, ...]] = []
    for size in range(1, people + 1):
        for team in combinations(able, size):
            united = 0
            for one in team:
                united |= free[one]
            if united & need == need:
                found.append(team)
    return found


def house(
    needs: Sequence[int], candidates: Sequence[Sequence[int]], free: Mapping[int, int], clashes: Clashes
) -> list[int] | None:
    """A room for each group of blocks in `needs`, tried in the order given, none used twice at once; or None."""
    chosen: list[int] = []
    taken: dict[int, int] = {}

    def settle(group: int) -> bool:
        if group == len(needs):
            return True
        need = needs[group]
        for room in candidates[group]:
            before = taken.get(room, 0)
            if free[room] & need == need and not clashes.with_blocks(need) & before:
                taken[room] = before | need
                chosen.append(room)
                if settle(group + 1):
                    return True
                chosen.pop()
                taken[room] = before
        return False

    return chosen if settle(0) else None
