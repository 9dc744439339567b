"""The account of a booking and its money badge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.models import BookingTerms
from billing.money import Money
from billing.queries.ledger import Balance, balances


@dataclass(frozen=True)
class Badge:
    """A label for the state of payment. `tone`: ok, warn or empty."""

    words: str
    tone: str = ""


@dataclass(frozen=True)
class Account:
    """Terms of a booking and the balance of its ledger entries; None without entries."""

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
    """Accounts by booking id, in two statements. Bookings without terms are left out."""
    ids = list(booking_ids)
    terms = BookingTerms.objects.in_bulk(ids)
    sums = balances(ids)
    return {pk: Account(found, sums.get(pk)) for pk, found in terms.items()}
