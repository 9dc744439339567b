"""Backtracking over bit masks of blocks: who takes which position, and which room which group of blocks.

Everything here is small integers: bit i of a mask is the program's i-th block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from .grid import bits
from .positions import Position

# Minutes that somebody may still lead within a mask of blocks.
Budget = tuple[int, int]
# For each position: block index -> clinician id.
Team = list[dict[int, int]]
BlocksFree = Callable[[int], int]


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

    `free`: the blocks in which a clinician is free; asked for only where `people`, who may share a position, are more
    than one (else every candidate is free for the whole position). `minutes`: of a mask of blocks. `budgets`: of a
    clinician.
    """

    def __init__(
        self,
        positions: Sequence[Position],
        candidates: Sequence[Sequence[int]],
        free: BlocksFree,
        clashes: Clashes,
        minutes: Callable[[int], int],
        budgets: Callable[[int], Sequence[Budget]],
        people: int = 1,
    ) -> None:
        self.positions = positions
        self.free = free
        self.clashes = clashes
        self.minutes = minutes
        self.budgets = budgets
        self.people = people
        self.taken: dict[int, int] = {}
        self.sides: dict[int, int] = {}
        self.given: list[tuple[int, int, int]] = []
        self.choices = [
            _teams(position.need, able, free, people) for position, able in zip(positions, candidates, strict=True)
        ]
        # The position with the fewest choices first: it fails soonest.
        self.order = sorted(range(len(positions)), key=lambda p: len(self.choices[p]))

    def solve(self) -> Team | None:
        """The first complete team, or None if there is none."""
        if not all(self.choices) or not self._fill(0):
            return None
        team: Team = [{} for _ in self.positions]
        for at, one, blocks in self.given:
            team[at].update(dict.fromkeys(bits(blocks), one))
        return team

    def _fill(self, depth: int) -> bool:
        if depth == len(self.order):
            return True
        at = self.order[depth]
        need = self.positions[at].need
        if self.people == 1:
            return any(self._give(depth, at, team, team[0], need, 0) for team in self.choices[at])
        return any(self._share(depth, at, team, need) for team in self.choices[at])

    def _share(self, depth: int, at: int, team: Sequence[int], rest: int) -> bool:
        # The first block still without anybody goes to one of the team, whoever had the block before first.
        if not rest:
            return self._fill(depth + 1)
        block = rest & -rest
        for one in team:
            if self.free(one) & block and self._give(depth, at, team, one, block, rest ^ block):
                return True
        return False

    def _give(self, depth: int, at: int, team: Sequence[int], one: int, blocks: int, rest: int) -> bool:
        taken, sides = self.taken.get(one, 0), self.sides.get(one, 0)
        both = sides | self.positions[at].sides(blocks)
        if both == 3 or not self._may(one, taken, blocks):
            return False
        self.taken[one], self.sides[one] = taken | blocks, both
        self.given.append((at, one, blocks))
        if rest and team[0] != one:
            team = (one, *(other for other in team if other != one))
        if self._share(depth, at, team, rest):
            return True
        self.given.pop()
        self.taken[one], self.sides[one] = taken, sides
        return False

    def _may(self, one: int, taken: int, blocks: int) -> bool:
        if taken and self.clashes.with_blocks(blocks) & taken:
            return False
        led = taken | blocks
        for within, limit in self.budgets(one):
            if within & blocks and self.minutes(led & within) > limit:
                return False
        return True


def _teams(need: int, able: Sequence[int], free: BlocksFree, people: int) -> list[tuple[int, ...]]:
    # Who together could cover `need`: one person first, then more, up to `people`; everybody if that is no restriction.
    if people == 1:
        return [(one,) for one in able]
    if people >= len(able):
        return [tuple(able)] if able else []
    blocks = {one: mask for one in able if (mask := free(one) & need)}
    found: list[tuple[int, ...]] = []
    for size in range(1, people + 1):
        for team in combinations(blocks, size):
            united = 0
            for one in team:
                united |= blocks[one]
            if united == need:
                found.append(team)
    return found


def house(needs: Sequence[int], candidates: Sequence[Sequence[int]], clashes: Clashes) -> list[int] | None:
    """A room for each group of blocks in `needs`, tried in the order given, none used twice at once; or None.

    `candidates`: for each group the rooms that are free for all of it.
    """
    chosen: list[int] = []
    taken: dict[int, int] = {}

    def settle(group: int) -> bool:
        if group == len(needs):
            return True
        need = needs[group]
        barred = clashes.with_blocks(need)
        for room in candidates[group]:
            before = taken.get(room, 0)
            if not barred & before:
                taken[room] = before | need
                chosen.append(room)
                if settle(group + 1):
                    return True
                chosen.pop()
                taken[room] = before
        return False

    return chosen if settle(0) else None
