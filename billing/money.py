"""Money: integer cents and a currency. No float ever touches it (F74)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WHOLE = 10_000  # basis points


@dataclass(frozen=True, order=True)
class Money:
    """An amount in cents, which may be below zero. Amounts of different currencies do not mix."""

    cents: int
    currency: str = "usd"

    def __post_init__(self) -> None:
        if type(self.cents) is not int:
            raise TypeError("Money is counted in whole cents.")

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + self._same(other).cents, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - self._same(other).cents, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.cents, self.currency)

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        return self.format()

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up.")
        return other

    def share(self, basis_points: int) -> Money:
        """This part of it, rounded as `share` does."""
        return Money(share(self.cents, basis_points), self.currency)

    def format(self) -> str:
        """US notation, without cents where there are none: `$1,200`, `$1,200.50`, `-$90`; `EUR 5` elsewhere."""
        dollars, cents = divmod(abs(self.cents), 100)
        sign = "-" if self.cents < 0 else ""
        symbol = "$" if self.currency == "usd" else f"{self.currency.upper()} "
        return f"{sign}{symbol}{dollars:,}" + (f".{cents:02d}" if cents else "")


def share(total_cents: int, basis_points: int) -> int:
    """`basis_points` / 10,000 of a total, both from zero up, in whole cents, half a cent rounded up."""
    if total_cents < 0 or not 0 <= basis_points <= WHOLE:
        raise ValueError("A share is between nothing and all of a total that is not below zero.")
    return (total_cents * basis_points + WHOLE // 2) // WHOLE


def split(total_cents: int, weights: Sequence[int]) -> list[int]:
    """Divide a total in proportion to `weights`, to the cent: the parts always add up to the total.

    Cents left over go to the largest remainders, earlier parts first. Raises ValueError without a weight above zero.
    """
    if total_cents < 0 or min(weights, default=-1) < 0 or not sum(weights):
        raise ValueError("Splitting needs a total and weights from zero up, one of them above zero.")
    whole = sum(weights)
    parts = [total_cents * weight // whole for weight in weights]
    remainders = sorted(range(len(weights)), key=lambda i: (-(total_cents * weights[i] % whole), i))
    for i in remainders[: total_cents - sum(parts)]:
        parts[i] += 1
    return parts
