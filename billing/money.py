"""Money in integer cents with a currency. Floats are never used (F74)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WHOLE = 10_000  # basis points


@dataclass(frozen=True, order=True)
class Money:
    """An amount in cents, which may be negative. Raises TypeError for cents that are not an int.

    Adding or subtracting another currency raises ValueError.
    """

    cents: int
    currency: str = "usd"

    def __post_init__(self) -> None:
        if type(self.cents) is not int:
            raise TypeError("Money takes whole cents.")

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
            raise ValueError(f"Cannot add {other.currency} to {self.currency}.")
        return other

    def share(self, basis_points: int) -> Money:
        """`basis_points` / 10,000 of this amount, rounded as by the function `share`."""
        return Money(share(self.cents, basis_points), self.currency)

    def format(self) -> str:
        """US notation, without cents if they are zero: `$1,200`, `$1,200.50`, `-$90`; `EUR 5` for other currencies."""
        dollars, cents = divmod(abs(self.cents), 100)
        sign = "-" if self.cents < 0 else ""
        symbol = "$" if self.currency == "usd" else f"{self.currency.upper()} "
        return f"{sign}{symbol}{dollars:,}" + (f".{cents:02d}" if cents else "")


def share(total_cents: int, basis_points: int) -> int:
    """`basis_points` / 10,000 of a total, in whole cents, with half a cent rounded up.

    Raises ValueError for a negative total or a share outside 0 to 10,000.
    """
    if total_cents < 0 or not 0 <= basis_points <= WHOLE:
        raise ValueError("A share needs a total of zero or more and 0 to 10,000 basis points.")
    return (total_cents * basis_points + WHOLE // 2) // WHOLE


def split(total_cents: int, weights: Sequence[int]) -> list[int]:
    """Divide a total of cents in proportion to `weights`. The parts always add up to the total.

    Leftover cents go to the largest remainders, earlier parts first. Raises ValueError for a negative total or weight,
    or if no weight is above zero.
    """
    if total_cents < 0 or min(weights, default=-1) < 0 or not sum(weights):
        raise ValueError("A split needs a total of zero or more and weights of zero or more, one of them above zero.")
    whole = sum(weights)
    parts = [total_cents * weight // whole for weight in weights]
    remainders = sorted(range(len(weights)), key=lambda i: (-(total_cents * weights[i] % whole), i))
    for i in remainders[: total_cents - sum(parts)]:
        parts[i] += 1
    return parts
