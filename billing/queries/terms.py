"""Read the frozen terms of a booking: policy sentences and fees."""

from __future__ import annotations

from datetime import datetime

from billing.models import BookingTerms
from billing.money import Money
from billing.policies import Tier, fee, policy_lines
from scheduling.models import Appointment, Booking
from scheduling.opening_id import OpeningId


def tiers_of(terms: BookingTerms) -> list[Tier]:
    """Frozen tiers of the cancellation policy, the longest notice first."""
    return sorted((Tier(row["hours_before"], row["fee_share_basis_points"]) for row in terms.tiers), reverse=True)


def policy_lines_of(booking: Booking, *, now: datetime) -> list[str]:
    """Sentences of the accepted policy with the booking's current dates; empty if it has no terms."""
    terms = BookingTerms.objects.filter(pk=booking.pk).first()
    if terms is None:
        return []
    price = Money(terms.price_cents, terms.currency)
    return policy_lines(price, tiers_of(terms), starts_at=starts_at(booking), zone=booking.location.tzinfo, now=now)


def fee_of(booking: Booking, *, now: datetime) -> Money:
    """Fee for canceling at `now`, by the frozen tiers. Raises BookingTerms.DoesNotExist."""
    terms = BookingTerms.objects.get(pk=booking.pk)
    price = Money(terms.price_cents, terms.currency)
    return fee(price, tiers_of(terms), starts_at=starts_at(booking), zone=booking.location.tzinfo, now=now)


def starts_at(booking: Booking) -> datetime:
    """Start (UTC) of a booking: of its first planned appointment, or else of its opening."""
    planned = Appointment.objects.filter(attendances__participant__booking=booking, status="planned")
    first = planned.order_by("during").values_list("during", flat=True).first()
    return first.lower if first is not None else OpeningId.decode(booking.opening).starts_at
