"""What was charged and paid for a booking, summed from its ledger entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum

from billing.models import LedgerEntry
from billing.money import Money
from scheduling.models import Booking


@dataclass(frozen=True, kw_only=True)
class Balance:
    """Sums of a booking. `charged`: less waivers. `paid`: less refunds. `due`: still owed; negative is a credit."""

    charged: Money
    paid: Money
    due: Money


MONEY_MOVED = ("payment", "refund", "refund_failed", "dispute")


def balance(booking: Booking) -> Balance:
    """Balance of one booking, in one statement."""
    return balances([booking.pk]).get(booking.pk, _balance(0, 0))


def balances(booking_ids: Iterable[int]) -> dict[int, Balance]:
    """Balances by booking id, in one statement. Bookings without ledger entries are left out."""
    rows = LedgerEntry.objects.filter(booking__in=list(booking_ids)).order_by()
    sums: dict[int, dict[bool, int]] = {}
    for booking_id, kind, cents in rows.values_list("booking", "kind").annotate(cents=Sum("amount_cents")):
        parts = sums.setdefault(booking_id, {True: 0, False: 0})
        parts[kind in MONEY_MOVED] += cents
    return {booking_id: _balance(-parts[False], parts[True]) for booking_id, parts in sums.items()}


def _balance(charged_cents: int, paid_cents: int) -> Balance:
    return Balance(charged=Money(charged_cents), paid=Money(paid_cents), due=Money(charged_cents - paid_cents))
