"""The frozen terms of a booking, in sentences and sums."""

from __future__ import annotations

from datetime import datetime

from billing.models import BookingTerms
from billing.money import Money
from billing.policies import Tier, fee, policy_lines
from scheduling.models import Appointment, Booking
from scheduling.opening_id import OpeningId


def tiers_of(terms: BookingTerms) -> list[Tier]:
    """The frozen tiers, the longest first."""
    return sorted((Tier(row["hours_before"], row["fee_share_basis_points"]) for row in terms.tiers), reverse=True)


def policy_lines_of(booking: Booking, *, now: datetime) -> list[str]:
    """The policy that was accepted, with the dates of the booking as it stands; empty without terms."""
    terms = BookingTerms.objects.filter(pk=booking.pk).first()
    if terms is None:
        return []
    price = Money(terms.price_cents, terms.currency)
    return policy_lines(price, tiers_of(terms), starts_at=starts_at(booking), zone=booking.location.tzinfo, now=now)


def fee_of(booking: Booking, *, now: datetime) -> Money:
    """What canceling costs at `now` by the frozen tiers. Raises BookingTerms.DoesNotExist."""
    terms = BookingTerms.objects.get(pk=booking.pk)
    price = Money(terms.price_cents, terms.currency)
    return fee(price, tiers_of(terms), starts_at=starts_at(booking), zone=booking.location.tzinfo, now=now)


def starts_at(booking: Booking) -> datetime:
    """When a booking begins (UTC): its first planned appointment, else what its opening says."""
    planned = Appointment.objects.filter(attendances__participant__booking=booking, status="planned")
    first = planned.order_by("during").values_list("during", flat=True).first()
    return first.lower if first is not None else OpeningId.decode(booking.opening).starts_at
