"""Freezing what was quoted: from then on, prices and policies may change without touching this booking."""

from __future__ import annotations

from datetime import datetime

from backend.transactions import assert_in_transaction
from billing.models import BookingTerms
from billing.queries.quotes import quote
from scheduling.models import Booking, Client, Participant
from scheduling.queries.openings.booked import booked_opening

NO_POLICY = "none"


def freeze_step(*, booking: Booking, client: Client | None, now: datetime) -> BookingTerms:
    """Freeze the terms of a locked booking, once: named again, it keeps its first terms. Raises NotPriced."""
    assert_in_transaction()
    known = BookingTerms.objects.filter(pk=booking.pk).first()
    if known is not None:
        return known
    quoted = quote(booked_opening(booking), client=client, now=now)
    return BookingTerms.objects.create(
        booking=booking,
        policy=quoted.policy,
        policy_version=quoted.policy.label if quoted.policy else NO_POLICY,
        rate=quoted.rate,
        currency=quoted.price.currency,
        price_cents=quoted.price.cents,
        due_now_cents=quoted.due_now.cents,
        later_cents=quoted.later.cents,
        balance_on=quoted.later_on,
        tiers=[vars(tier) for tier in quoted.tiers],
        frozen_at=now,
    )


def accept_step(*, participant: Participant, terms: BookingTerms, now: datetime) -> None:
    """Note that this person agreed to these words. Nobody agrees for somebody else."""
    assert_in_transaction()
    participant.policy_accepted_at, participant.policy_version = now, terms.policy_version
    participant.save(update_fields=["policy_accepted_at", "policy_version"])
