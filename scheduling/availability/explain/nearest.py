"""The team, or the rooms, that come nearest to covering a program. What they lack is reported as its obstacles.

Branch and bound: positions are filled one after another, and a branch is dropped as soon as it cannot cost less than
the best assignment so far. The cost is the number of blocks without cover, plus 1 for each clinician over a limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scheduling.availability.programs.conflicts import Conflicts
from scheduling.availability.programs.limits import Allowance
from scheduling.availability.programs.positions import Position

# Cost of an unfilled position: more than any number of missing blocks (a program has at most MOST_BLOCKS).
NOBODY = 1_000
# Enough to find the best assignment of any usual program. After so many tries, the best so far is returned.
MOST_TRIES = 2_000


class Choice(NamedTuple):
    """A clinician or room for a position. `missing`: mask of its blocks for which they are not free."""

    resource_id: int
    missing: int


class Nearest:
    """One search. `best`: a choice for each position (None: unfilled) with the lowest `cost`.

    No resource is in two blocks at once or leads individual work with both partners. Stops after MOST_TRIES with the
    best assignment so far.
    """

    def __init__(
        self,
        positions: Sequence[Position],
        choices: Sequence[Sequence[Choice]],
        conflicts: Conflicts,
        limits: Mapping[int, Allowance | None],
    ) -> None:
        self.positions, self.conflicts, self.limits = positions, conflicts, limits
        self.choices = [sorted(options, key=_price) for options in choices]
        self.least = [min(map(_price, options), default=NOBODY) for options in choices]
        # The most expensive positions come first, because a high cost early cuts off more branches.
        self.order = sorted(range(len(positions)), key=lambda at: (-self.least[at], len(choices[at])))
        self.taken: dict[int, int] = {}
        self.sides: dict[int, int] = {}
        self.given: list[Choice | None] = [None] * len(positions)
        self.best: list[Choice | None] = []
        self.cost = NOBODY * (len(positions) + 1)
        self.tries = 0
        self._fill(0, 0)

    def _fill(self, depth: int, cost: int) -> None:
        if cost + sum(self.least[at] for at in self.order[depth:]) >= self.cost:
            return
        if depth == len(self.order):
            self.best, self.cost = list(self.given), cost
            return
        at = self.order[depth]
        for choice in self.choices[at]:
            if self.best and self.tries >= MOST_TRIES:
                return
            self._give(depth, at, choice, cost)
        self.given[at] = None
        self._fill(depth + 1, cost + NOBODY)

    def _give(self, depth: int, at: int, choice: Choice, cost: int) -> None:
        self.tries += 1
        resource_id, need = choice.resource_id, self.positions[at].need
        taken, sides = self.taken.get(resource_id, 0), self.sides.get(resource_id, 0)
        both = sides | self.positions[at].sides(need)
        if both == 3 or self.conflicts.inside(need) or self.conflicts.with_blocks(need) & taken:
            return
        cost += _price(choice) + self._exceeded(resource_id, taken | need) - self._exceeded(resource_id, taken)
        self.taken[resource_id], self.sides[resource_id], self.given[at] = taken | need, both, choice
        self._fill(depth + 1, cost)
        self.taken[resource_id], self.sides[resource_id] = taken, sides

    def _exceeded(self, resource_id: int, led: int) -> int:
        limit = self.limits.get(resource_id)
        return int(limit is not None and not limit.allows(led))


def _price(choice: Choice) -> int:
    return choice.missing.bit_count()
