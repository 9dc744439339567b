"""The team, or the rooms, that come nearest to holding a program: what they lack is what is in its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scheduling.availability.programs.conflicts import Conflicts
from scheduling.availability.programs.limits import Allowance
from scheduling.availability.programs.positions import Position

# A place that nobody can take is worse than any number of blocks that somebody cannot.
NOBODY = 1_000
# Enough for the best of any usual program; past it the best so far counts, which is always a complete one.
MOST_TRIES = 2_000


class Choice(NamedTuple):
    """Somebody or a room for a position, and the blocks of it in which they are not free."""

    resource_id: int
    missing: int


class Nearest:
    """One search: a choice for each position, so that no one is in two blocks at once nor leads both partners' own
    work, with the fewest missing blocks and exceeded budgets. Branch and bound, after at most MOST_TRIES the best so
    far."""

    def __init__(
        self,
        positions: Sequence[Position],
        choices: Sequence[Sequence[Choice]],
        conflicts: Conflicts,
        limits: Mapping[int, Allowance | None],
    ) -> None:
        self.positions, self.conflicts, self.limits = positions, conflicts, limits
        self.choices = [sorted(mine, key=_price) for mine in choices]
        self.least = [min(map(_price, mine), default=NOBODY) for mine in choices]
        # Where least is lost first comes last: what is lost early bounds the rest.
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
        one, need = choice.resource_id, self.positions[at].need
        taken, sides = self.taken.get(one, 0), self.sides.get(one, 0)
        both = sides | self.positions[at].sides(need)
        if both == 3 or self.conflicts.inside(need) or self.conflicts.with_blocks(need) & taken:
            return
        cost += _price(choice) + self._exceeded(one, taken | need) - self._exceeded(one, taken)
        self.taken[one], self.sides[one], self.given[at] = taken | need, both, choice
        self._fill(depth + 1, cost)
        self.taken[one], self.sides[one] = taken, sides

    def _exceeded(self, one: int, led: int) -> int:
        limit = self.limits.get(one)
        return int(limit is not None and not limit.allows(led))


def _price(choice: Choice) -> int:
    return choice.missing.bit_count()
