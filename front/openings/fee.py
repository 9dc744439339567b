"""What is paid for several dates: the price of each, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.money import Money
from billing.queries.quotes import Quote
from scheduling.queries.openings.opening import Opening


@dataclass(frozen=True)
class Fee:
    """A quote told by the visit. No standing appointment comes here: those are booked with the desk (see `hold`)."""

    opening: Opening
    quote: Quote

    @property
    def visits(self) -> int:
        """How many are booked at once; a program is one."""
        return len(self.opening.starts)

    @property
    def is_several(self) -> bool:
        return self.visits > 1

    @property
    def each(self) -> Money:
        """The price of one visit: the quote is that price times their number."""
        return Money(self.quote.price.cents // self.visits, self.quote.price.currency)

    @property
    def terms(self) -> str:
        """What the sentences of the policy are about, where there are several visits."""
        words = _("This is for canceling all %(count)d visits together, counted from the first.")
        return words % {"count": self.visits} if self.is_several else ""
