"""Who takes which position: backtracking over bit masks of blocks, for the fewest handovers.

Everything here is small integers: bit i of a mask is the program's i-th block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import inf
from operator import itemgetter

from scheduling.availability.programs.candidate_teams import Able, Choice, choices
from scheduling.availability.programs.conflicts import Conflicts
from scheduling.availability.programs.limits import Allowance
from scheduling.availability.programs.positions import Position
from scheduling.availability.timegrid.grid import indexes, union

# For each position: block index -> clinician id.
Team = list[dict[int, int]]
_Past = tuple[int, float, frozenset[tuple[int, int, int]]]


def handovers_of(team: Team) -> int:
    """How often a position passes from one person to another."""
    return sum(members[earlier] != members[later] for members in team for earlier, later in pairwise(sorted(members)))


class Solver:
    """The positions of a program, to be filled by at most `people` each."""

    def __init__(self, positions: Sequence[Position], conflicts: Conflicts, people: int = 1) -> None:
        self.positions, self.conflicts, self.people = positions, conflicts, people
        self.entangled = [self._is_entangled(at) for at in range(len(positions))]

    def solve(
        self, able: Sequence[Able], limits: Mapping[int, Allowance | None], load: Mapping[int, int]
    ) -> Team | None:
        """The team with the fewest handovers in all, or None if there is none. Those of `able`, one for each position,
        are tried in the order given, teams of several by `load`."""
        found = [*self._choices(able, load)]
        return _Search(self, able, limits, found).best() if all(found) else None

    def has_choices(self, able: Sequence[Able], load: Mapping[int, int]) -> bool:
        """Can each position, seen alone, be covered? Where none is entangled and nobody limited, that is a team."""
        return all(self._choices(able, load))

    def _choices(self, able: Sequence[Able], load: Mapping[int, int]) -> Iterator[list[Choice]]:
        for position, those in zip(self.positions, able, strict=True):
            yield choices(position.need, those, self.people, load)

    def _is_entangled(self, at: int) -> bool:
        # Can what is given for it or for other positions make a part of this one impossible, limits aside?
        position = self.positions[at]
        others = union(one.need for other, one in enumerate(self.positions) if other != at)
        clashing = self.conflicts.inside(position.need) or self.conflicts.with_blocks(position.need) & others
        return bool(clashing or position.sides(position.need))


class _Search:
    def __init__(
        self,
        solver: Solver,
        able: Sequence[Able],
        limits: Mapping[int, Allowance | None],
        found: Sequence[Sequence[Choice]],
    ) -> None:
        self.positions, self.conflicts, self.able = solver.positions, solver.conflicts, able
        self.limits, self.choices, self.shared = limits, found, solver.people > 1
        # The position with the fewest choices first: it fails soonest.
        self.order = sorted(range(len(found)), key=lambda at: len(found[at]))
        self.entangled = solver.entangled
        # The positions from the n-th on that others can make impossible.
        self.ahead = [[at for at in self.order[depth:] if self.entangled[at]] for depth in range(len(found))]
        # The handovers that the positions from the n-th on need at least.
        self.least = [0]
        for at in reversed(self.order):
            self.least.insert(0, self.least[0] + found[at][0][0])
        self.taken: dict[int, int] = {}
        self.barred: dict[int, int] = {}  # the blocks that clash with those taken
        self.sides: dict[int, int] = {}
        self.failed: set[_Past] = set()
        self.given: list[tuple[int, int, int]] = []

    def best(self) -> Team | None:
        if self._fill(0, self.least[0]):
            return self._team()
        if not self.shared or not self._fill(0, inf):
            return None
        team, changes = self._team(), len(self.given) - len(self.positions)
        for allowed in range(self.least[0] + 1, changes):
            self._clear()
            if self._fill(0, allowed):
                return self._team()
        return team

    def _team(self) -> Team:
        team: Team = [{} for _ in self.positions]
        for at, one, blocks in self.given:
            team[at].update(dict.fromkeys(indexes(blocks), one))
        return team

    def _clear(self) -> None:
        for known in (self.taken, self.barred, self.sides, self.given):
            known.clear()

    def _fill(self, depth: int, left: float) -> bool:
        # `left`: handovers allowed from here on.
        if depth == len(self.order):
            return True
        if self.failed and self._past(depth, left) in self.failed:
            return False
        if self._fill_one(depth, left):
            return True
        self.failed.add(self._past(depth, left))
        return False

    def _fill_one(self, depth: int, left: float) -> bool:
        at = self.order[depth]
        need, spare = self.positions[at].need, left - self.least[depth + 1]
        # Looking ahead spares dead ends.
        if depth and not all(self._coverable(other, self.able[other]) for other in self.ahead[depth]):
            return False
        for handovers, _, members in self.choices[at]:
            if handovers > spare:
                break
            if depth and self.entangled[at]:
                free = [(one, self._could(one, at)) for one in members]
            else:
                free = [(one, self.able[at][one]) for one in members]
            if self._share(depth, free, need, spare, None):
                return True
        return False

    def _past(self, depth: int, left: float) -> _Past:
        # All that the positions still open can notice of what has been given: another way to the same past fails alike.
        seen = self.conflicts.with_blocks(union(self.positions[at].need for at in self.order[depth:]))
        limits, sides = self.limits, self.sides
        return (
            depth,
            left,
            frozenset([
                (one, taken if limits[one] else taken & seen, sides.get(one, 0))
                for one, taken in self.taken.items()
                if taken and (limits[one] or taken & seen or sides.get(one))
            ]),
        )  # fmt: skip

    def _coverable(self, at: int, people: Iterable[int]) -> bool:
        # Has each block of a position still one of `people` who is free for it?
        need = self.positions[at].need
        for one in people:
            need &= ~self._could(one, at)
            if not need:
                return True
        return False

    def _could(self, one: int, at: int) -> int:
        # The blocks that `one`, with what they have been given, could still take of a position; limits aside.
        blocks = self.able[at][one]
        if one not in self.barred:
            return blocks
        sides = self.sides[one]
        if sides:
            position = self.positions[at]
            blocks &= ~(position.alone_b if sides == 1 else position.alone_a)
        return blocks & ~self.barred[one]

    def _share(self, depth: int, free: Sequence[tuple[int, int]], rest: int, spare: float, last: int | None) -> bool:
        # Who can go on longest takes over, for as long as can be. `last` has just had as much as can be.
        if not rest:
            return self._fill(depth + 1, spare + self.least[depth + 1])
        for one, stretch in _stretches(free, rest):
            while stretch and one != last and (spare or stretch == rest):
                if self._give(depth, free, one, stretch, rest, spare):
                    return True
                stretch ^= 1 << stretch.bit_length() - 1
        return False

    def _give(
        self, depth: int, free: Sequence[tuple[int, int]], one: int, blocks: int, rest: int, spare: float
    ) -> bool:
        at, taken, limit = self.order[depth], self.taken.get(one, 0), self.limits[one]
        if limit and not limit.allows(taken | blocks):
            return False
        entangled = self.entangled[at]
        barred, sides = self.barred.get(one, 0), self.sides.get(one, 0)
        if entangled and not self._bar(at, one, blocks):
            return False
        self.taken[one] = taken | blocks
        self.given.append((at, one, blocks))
        rest ^= blocks
        if self._share(depth, free, rest, spare - 1 if rest else spare, one):
            return True
        self.given.pop()
        self.taken[one] = taken
        if entangled:
            self.barred[one], self.sides[one] = barred, sides
        return False

    def _bar(self, at: int, one: int, blocks: int) -> bool:
        # Notes what `one` cannot take any more with these blocks; False if they cannot have them.
        barred = self.barred.get(one, 0)
        sides = self.sides.get(one, 0) | self.positions[at].sides(blocks)
        if sides == 3 or barred & blocks or self.conflicts.inside(blocks):
            return False
        self.barred[one], self.sides[one] = barred | self.conflicts.with_blocks(blocks), sides
        return True


def _stretches(free: Sequence[tuple[int, int]], rest: int) -> list[tuple[int, int]]:
    # From the first block of `rest` on, how far each could go; the furthest first.
    first, found = rest & -rest, []
    for one, blocks in free:
        if blocks & first:
            missing = rest & ~blocks
            found.append((one, rest & (missing & -missing) - 1 if missing else rest))
    if len(found) > 1:
        found.sort(key=itemgetter(1), reverse=True)
    return found
