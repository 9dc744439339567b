"""The money badge of a booking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.models import BookingTerms
from billing.money import Money
from billing.queries.ledger import Balance, balances


@dataclass(frozen=True)
class Badge:
    """`tone` is ok, warn or an empty string."""

    words: str
    tone: str = ""


@dataclass(frozen=True)
class Account:
    """What was agreed for a booking, and what stands on its lines."""

    terms: BookingTerms
    balance: Balance | None

    @property
    def price(self) -> Money:
        return Money(self.terms.price_cents, self.terms.currency)

    @property
    def due_now(self) -> Money:
        return Money(self.terms.due_now_cents, self.terms.currency)

    @property
    def paid(self) -> Money:
        return self.balance.paid if self.balance else Money(0, self.terms.currency)

    @property
    def badge(self) -> Badge:
        if self.paid.cents >= self.terms.price_cents:
            return Badge(_("Paid"), "ok")
        if self.paid.cents and self.paid.cents >= self.terms.due_now_cents:
            return Badge(_("Deposit paid"), "ok")
        if self.terms.due_now_cents:
            return Badge(_("Unpaid"), "warn")
        return Badge(_("Pays later"))


def accounts(booking_ids: Iterable[int]) -> dict[int, Account]:
    """By booking id, in two statements; a booking without agreed terms is left out."""
    ids = list(booking_ids)
    terms = BookingTerms.objects.in_bulk(ids)
    sums = balances(ids)
    return {pk: Account(found, sums.get(pk)) for pk, found in terms.items()}
