"""Price of an opening with several dates: in all, and for each visit."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.money import Money
from billing.queries.quotes import Quote
from scheduling.queries.openings.opening import Opening


@dataclass(frozen=True)
class Fee:
    """A quote by visit. Never for a standing appointment, which only the desk books (see `hold`)."""

    opening: Opening
    quote: Quote

    @property
    def visits(self) -> int:
        """Number of visits that are booked together; a program counts as one."""
        return len(self.opening.starts)

    @property
    def is_several(self) -> bool:
        return self.visits > 1

    @property
    def each(self) -> Money:
        """Price of one visit. The quote is this price times the number of visits."""
        return Money(self.quote.price.cents // self.visits, self.quote.price.currency)

    @property
    def terms(self) -> str:
        """Sentence that says to what the policy applies if there are several visits; else empty."""
        words = _("This is for canceling all %(count)d visits together, counted from the first.")
        return words % {"count": self.visits} if self.is_several else ""
