"""Backtracking over bit masks of blocks: who takes which position, and which room which group of blocks.

Everything here is small integers: bit i of a mask is the program's i-th block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from .grid import indexes
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
    _inside: dict[int, bool]

    @classmethod
    def of(cls, begins: Sequence[int], ends: Sequence[int]) -> Clashes:
        """From begins and ends in any one unit."""
        blocks = range(len(begins))
        return cls([sum(1 << j for j in blocks if begins[i] < ends[j] and begins[j] < ends[i]) for i in blocks], {}, {})

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

    def inside(self, blocks: int) -> bool:
        """True if two of `blocks` share an instant: no one person can have them both."""
        known = self._inside.get(blocks)
        if known is None:
            mine = [index for index in indexes(blocks) if self.of_block[index] & blocks != 1 << index]
            known = self._inside[blocks] = bool(mine)
        return known


class Staffing:
    """One search: fills every position from its candidates, who are tried in the order given.

    `free`: the blocks in which a clinician is free. `people`: how many may share a position; if one, candidates are
    free for the whole of it. `minutes`: of a mask of blocks. `budgets`: of a clinician.
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
        self.candidates = candidates
        self.free = free
        self.clashes = clashes
        self.minutes = minutes
        self.budgets = budgets
        self.people = people
        self.taken: dict[int, int] = {}
        self.barred: dict[int, int] = {}  # the blocks that clash with those taken
        self.sides: dict[int, int] = {}
        self.failed: set[tuple[int, frozenset[tuple[int, int, int]]]] = set()
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
            team[at].update(dict.fromkeys(indexes(blocks), one))
        return team

    def _fill(self, depth: int) -> bool:
        if depth == len(self.order):
            return True
        if self.failed and self._past(depth) in self.failed:
            return False
        if self._fill_one(depth):
            return True
        self.failed.add(self._past(depth))
        return False

    def _fill_one(self, depth: int) -> bool:
        if depth and not all(self._coverable(at, self.candidates[at]) for at in self.order[depth:]):
            return False
        at = self.order[depth]
        need = self.positions[at].need
        if self.people == 1:
            return any(self._give(depth, at, team, team[0], need, 0) for team in self.choices[at])
        return any(self._coverable(at, team) and self._share(depth, at, team, need) for team in self.choices[at])

    def _past(self, depth: int) -> tuple[int, frozenset[tuple[int, int, int]]]:
        # All that the positions still open can notice of what has been given: another way to the same past fails alike.
        rest = 0
        for at in self.order[depth:]:
            rest |= self.positions[at].need
        seen = self.clashes.with_blocks(rest)
        given = ((one, taken if self.budgets(one) else taken & seen) for one, taken in self.taken.items())
        return depth, frozenset((one, blocks, self.sides[one]) for one, blocks in given if blocks or self.sides[one])

    def _coverable(self, at: int, people: Iterable[int]) -> bool:
        # Has each block of a position still one of `people` who is free for it? Looking ahead spares dead ends.
        need = self.positions[at].need
        for one in people:
            need &= ~self._could(one, at)
            if not need:
                return True
        return False

    def _could(self, one: int, at: int) -> int:
        # The blocks that `one`, with what they have been given, could still take of a position; limits aside.
        blocks = self.free(one)
        if one not in self.barred:
            return blocks
        sides = self.sides[one]
        if sides:
            position = self.positions[at]
            blocks &= ~(position.alone_b if sides == 1 else position.alone_a)
        return blocks & ~self.barred[one]

    def _share(self, depth: int, at: int, team: Sequence[int], rest: int) -> bool:
        # Who can go on longest takes over, for as long as can be: so there are few handovers.
        if not rest:
            return self._fill(depth + 1)
        for one, stretch in self._stretches(at, team, rest):
            while stretch:
                if self._give(depth, at, team, one, stretch, rest ^ stretch):
                    return True
                stretch ^= 1 << stretch.bit_length() - 1
        return False

    def _stretches(self, at: int, team: Sequence[int], rest: int) -> list[tuple[int, int]]:
        found = []
        for one in team:
            missing = rest & ~self._could(one, at)
            stretch = rest & ((missing & -missing) - 1) if missing else rest
            if stretch:
                found.append((one, stretch))
        found.sort(key=_by_stretch, reverse=True)
        return found

    def _give(self, depth: int, at: int, team: Sequence[int], one: int, blocks: int, rest: int) -> bool:
        taken, sides = self.taken.get(one, 0), self.sides.get(one, 0)
        both = sides | self.positions[at].sides(blocks)
        if both == 3 or not self._may(one, taken, blocks):
            return False
        barred = self.barred.get(one, 0)
        self.taken[one], self.sides[one] = taken | blocks, both
        self.barred[one] = barred | self.clashes.with_blocks(blocks)
        self.given.append((at, one, blocks))
        if self._share(depth, at, team, rest):
            return True
        self.given.pop()
        self.taken[one], self.sides[one], self.barred[one] = taken, sides, barred
        return False

    def _may(self, one: int, taken: int, blocks: int) -> bool:
        if self.clashes.inside(blocks) or (taken and self.barred[one] & blocks):
            return False
        led = taken | blocks
        return not any(within & blocks and self.minutes(led & within) > limit for within, limit in self.budgets(one))


def _by_stretch(choice: tuple[int, int]) -> int:
    return choice[1]


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


def house(
    needs: Sequence[int], candidates: Sequence[Iterable[int]], free: Callable[[int, int], bool], clashes: Clashes
) -> list[int] | None:
    """A room for each group of blocks in `needs`, tried in the order given, none used twice at once; or None.

    `free`: of a room and the number of a group, whether the room is free for all of it.
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
            if not barred & before and free(room, group):
                taken[room] = before | need
                chosen.append(room)
                if settle(group + 1):
                    return True
                chosen.pop()
                taken[room] = before
        return False

    return chosen if settle(0) else None
