"""Freeze the quoted terms of a booking, so that later changes of prices and policies do not affect it."""

from __future__ import annotations

from datetime import datetime

from backend.transactions import assert_in_transaction
from billing.models import BookingTerms
from billing.queries.quotes import price_quote
from scheduling.models import Participant
from scheduling.operations.bookings.draft import BookingDraft

NO_POLICY = "none"


def freeze_step(*, draft: BookingDraft, now: datetime) -> BookingTerms:
    """Freeze the terms of a locked booking and return them. A booking named again keeps its first terms.

    Raises NotPriced.
    """
    assert_in_transaction()
    booking, client = draft.booking, draft.participants[0].client
    known = None if draft.is_new else BookingTerms.objects.filter(pk=booking.pk).first()
    if known is not None:
        return known
    if client is not None and client.pk in draft.new_client_ids:
        client = None  # a new client has no agreed rate
    quoted = price_quote(draft.opening(), client=client, now=now)
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
    """Record that this participant accepted these terms. Nobody accepts for another person."""
    assert_in_transaction()
    participant.policy_accepted_at, participant.policy_version = now, terms.policy_version
    participant.save(update_fields=["policy_accepted_at", "policy_version"])
