"""Rows that count how many are done in a second, and their table."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from .load import Burst

TIMES_BETTER = 3
HEAD = (
    *("Bookings by HTTP", "ours, per second", "floor, per second", "ratio", "ratio before", "times", "goal", ""),
    *("ours, ms: p50, p99", "floor, ms: p50, p99", "statements"),
)


@dataclass(frozen=True, kw_only=True)
class RateRow:
    """The bursts of ours and of the floor. `before`: the ratio of an earlier commit, TIMES_BETTER of it are wanted."""

    name: str
    ours: Sequence[Burst]
    floor: Sequence[Burst]
    before: float
    queries: int

    @property
    def ratio(self) -> float:
        """Of the two rates: what share of the floor's we do."""
        return rate_of(self.ours) / rate_of(self.floor)

    @property
    def times(self) -> float:
        """How many times the ratio of the earlier commit."""
        return self.ratio / self.before

    def cells(self) -> tuple[str, ...]:
        """In the order of HEAD."""
        verdict = "met" if self.times >= TIMES_BETTER else f"missed by {1 - self.times / TIMES_BETTER:.0%}"
        return (
            *(self.name, f"{rate_of(self.ours):,.1f}", f"{rate_of(self.floor):,.0f}", f"{self.ratio:.3g}"),
            *(f"{self.before:.3g}", f"{self.times:.2f}", f"≥ {TIMES_BETTER}", verdict),
            *(_percentiles(self.ours), _percentiles(self.floor), str(self.queries)),
        )

    def __str__(self) -> str:
        named = zip(HEAD[1:], self.cells()[1:], strict=True)
        return f"{self.name}: " + "; ".join(f"{head} {cell}".strip() for head, cell in named)


rates: list[RateRow] = []


def note(row: RateRow) -> None:
    """Keep one row, and tell it at once."""
    rates.append(row)
    print(f"\n {row}")  # noqa: T201


def table(rows: Sequence[RateRow]) -> str:
    """All rows in Markdown."""
    cells = [HEAD, ("---", *["---:"] * 5, "---", "---", *["---:"] * 3), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(one)} |" for one in cells)


def rate_of(bursts: Sequence[Burst]) -> float:
    """The median of what was done in a second."""
    return statistics.median(one.rate for one in bursts)


def _percentiles(bursts: Sequence[Burst]) -> str:
    cuts = statistics.quantiles([took for one in bursts for took in one.times], n=100)
    return f"{cuts[49]:.1f}, {cuts[98]:.1f}"
