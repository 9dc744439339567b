"""The solver: assigns clinicians to positions by backtracking over bit masks of blocks, with the fewest handovers.

Everything is small integers. Bit i of a mask is the program's i-th block, `at` is the index of a position, and `person`
is a clinician id.

1. Positions are filled one after another, the one with the fewest choices first, because it fails soonest.
2. A choice is a team for one position (see `candidate_teams`). Choices without a handover come first, substitutes last.
3. The blocks of a position are given out in stretches. From the first block on, the next stretch goes to whoever can
   cover the most consecutive blocks; if that leads nowhere, to others and in shorter stretches.
4. Every assignment bars the same clinician from conflicting blocks and from the other partner's individual work. If a
   later position can no longer be filled, the assignment is taken back and the next one is tried (backtracking).
5. A partial assignment that failed is remembered by its memo key: everything that the positions still open depend on.
   Partial assignments with equal keys have the same future, so one that failed need not be tried again.

The first search allows only as many handovers as the positions need at least, each seen alone. If it fails, any team is
searched for, and then one with fewer handovers, from the least number up.
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
_MemoKey = tuple[int, float, frozenset[tuple[int, int, int]]]


def handovers_of(team: Team) -> int:
    """The number of handovers: how often a position passes from one clinician to another."""
    return sum(members[earlier] != members[later] for members in team for earlier, later in pairwise(sorted(members)))


class Solver:
    """Fills the positions of a program, each with at most `people` clinicians.

    `entangled[at]`: True if assignments can make blocks of that position impossible, limits aside.
    """

    def __init__(self, positions: Sequence[Position], conflicts: Conflicts, people: int = 1) -> None:
        self.positions, self.conflicts, self.people = positions, conflicts, people
        self.entangled = [self._is_entangled(at) for at in range(len(positions))]

    def solve(
        self, able: Sequence[Able], limits: Mapping[int, Allowance | None], load: Mapping[int, int]
    ) -> Team | None:
        """The team with the fewest handovers in all; None if there is no team.

        `able`: for each position, clinician id -> the blocks they are free for, tried in this order. `limits`:
        clinician id -> allowance, None for no limit. `load`: clinician id -> booked minutes, to sort teams of several.
        """
        found = [*self._choices(able, load)]
        return _Search(self, able, limits, found).best() if all(found) else None

    def has_choices(self, able: Sequence[Able], load: Mapping[int, int]) -> bool:
        """True if each position, seen alone, can be covered. Without entangled positions and limits, that is a team."""
        return all(self._choices(able, load))

    def _choices(self, able: Sequence[Able], load: Mapping[int, int]) -> Iterator[list[Choice]]:
        for position, able_here in zip(self.positions, able, strict=True):
            yield choices(position.need, able_here, self.people, load)

    def _is_entangled(self, at: int) -> bool:
        # True if an assignment, to this position or another, can bar someone from blocks of this one, limits aside.
        position = self.positions[at]
        others = union(each.need for other, each in enumerate(self.positions) if other != at)
        conflicting = self.conflicts.inside(position.need) or self.conflicts.with_blocks(position.need) & others
        return bool(conflicting or position.sides(position.need))


class _Search:
    """One search for a team. Its dictionaries hold the partial assignment and are restored when one is taken back."""

    def __init__(
        self,
        solver: Solver,
        able: Sequence[Able],
        limits: Mapping[int, Allowance | None],
        found: Sequence[Sequence[Choice]],
    ) -> None:
        self.positions, self.conflicts, self.able = solver.positions, solver.conflicts, able
        self.limits, self.choices, self.shared = limits, found, solver.people > 1
        # The position with the fewest choices comes first: it fails soonest.
        self.order = sorted(range(len(found)), key=lambda at: len(found[at]))
        self.entangled = solver.entangled
        # By depth: the entangled positions still open.
        self.ahead = [[at for at in self.order[depth:] if self.entangled[at]] for depth in range(len(found))]
        # By depth: the handovers that the positions still open need at least, each seen alone.
        self.least = [0]
        for at in reversed(self.order):
            self.least.insert(0, self.least[0] + found[at][0][0])
        self.taken: dict[int, int] = {}
        self.barred: dict[int, int] = {}  # the blocks that conflict with those taken
        self.sides: dict[int, int] = {}
        self.failed: set[_MemoKey] = set()
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
        for at, person, blocks in self.given:
            team[at].update(dict.fromkeys(indexes(blocks), person))
        return team

    def _clear(self) -> None:
        for known in (self.taken, self.barred, self.sides, self.given):
            known.clear()

    def _fill(self, depth: int, left: float) -> bool:
        # `left`: how many handovers are still allowed.
        if depth == len(self.order):
            return True
        if self.failed and self._memo_key(depth, left) in self.failed:
            return False
        if self._fill_one(depth, left):
            return True
        self.failed.add(self._memo_key(depth, left))
        return False

    def _fill_one(self, depth: int, left: float) -> bool:
        at = self.order[depth]
        need, spare = self.positions[at].need, left - self.least[depth + 1]
        # Looking ahead: an open position that can no longer be covered makes this branch hopeless.
        if depth and not all(self._coverable(other, self.able[other]) for other in self.ahead[depth]):
            return False
        for handovers, _, members in self.choices[at]:
            if handovers > spare:
                break
            if depth and self.entangled[at]:
                free = [(person, self._could(person, at)) for person in members]
            else:
                free = [(person, self.able[at][person]) for person in members]
            if self._share(depth, free, need, spare, None):
                return True
        return False

    def _memo_key(self, depth: int, left: float) -> _MemoKey:
        # Partial assignments with equal keys have the same future, so one that failed need not be tried again. Of a
        # clinician with a limit, all blocks taken count; else only blocks that conflict with positions still open.
        seen = self.conflicts.with_blocks(union(self.positions[at].need for at in self.order[depth:]))
        limits, sides = self.limits, self.sides
        return (
            depth,
            left,
            frozenset([
                (person, taken if limits[person] else taken & seen, sides.get(person, 0))
                for person, taken in self.taken.items()
                if taken and (limits[person] or taken & seen or sides.get(person))
            ]),
        )  # fmt: skip

    def _coverable(self, at: int, people: Iterable[int]) -> bool:
        # True if each block of the position still has someone among `people` who is free for it.
        need = self.positions[at].need
        for person in people:
            need &= ~self._could(person, at)
            if not need:
                return True
        return False

    def _could(self, person: int, at: int) -> int:
        # The blocks of the position that `person` could take beside those they have, limits aside.
        blocks = self.able[at][person]
        if person not in self.barred:
            return blocks
        sides = self.sides[person]
        if sides:
            position = self.positions[at]
            blocks &= ~(position.alone_b if sides == 1 else position.alone_a)
        return blocks & ~self.barred[person]

    def _share(self, depth: int, free: Sequence[tuple[int, int]], rest: int, spare: float, last: int | None) -> bool:
        # Longest stretches first: that needs the fewest handovers. `last` just had a stretch. Giving them the next one
        # too would equal a longer stretch, which has been tried already.
        if not rest:
            return self._fill(depth + 1, spare + self.least[depth + 1])
        for person, stretch in _stretches(free, rest):
            while stretch and person != last and (spare or stretch == rest):
                if self._give(depth, free, person, stretch, rest, spare):
                    return True
                stretch ^= 1 << stretch.bit_length() - 1
        return False

    def _give(
        self, depth: int, free: Sequence[tuple[int, int]], person: int, blocks: int, rest: int, spare: float
    ) -> bool:
        at, taken, limit = self.order[depth], self.taken.get(person, 0), self.limits[person]
        if limit and not limit.allows(taken | blocks):
            return False
        entangled = self.entangled[at]
        barred, sides = self.barred.get(person, 0), self.sides.get(person, 0)
        if entangled and not self._bar(at, person, blocks):
            return False
        self.taken[person] = taken | blocks
        self.given.append((at, person, blocks))
        rest ^= blocks
        if self._share(depth, free, rest, spare - 1 if rest else spare, person):
            return True
        self.given.pop()
        self.taken[person] = taken
        if entangled:
            self.barred[person], self.sides[person] = barred, sides
        return False

    def _bar(self, at: int, person: int, blocks: int) -> bool:
        # Notes what `person` cannot take beside these blocks; False if they cannot take the blocks at all.
        barred = self.barred.get(person, 0)
        sides = self.sides.get(person, 0) | self.positions[at].sides(blocks)
        if sides == 3 or barred & blocks or self.conflicts.inside(blocks):
            return False
        self.barred[person], self.sides[person] = barred | self.conflicts.with_blocks(blocks), sides
        return True


def _stretches(free: Sequence[tuple[int, int]], rest: int) -> list[tuple[int, int]]:
    # The stretch each could cover from the first block of `rest` on, the longest first.
    first, found = rest & -rest, []
    for person, blocks in free:
        if blocks & first:
            missing = rest & ~blocks
            found.append((person, rest & (missing & -missing) - 1 if missing else rest))
    if len(found) > 1:
        found.sort(key=itemgetter(1), reverse=True)
    return found
