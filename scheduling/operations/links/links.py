"""Links to one person's part in one booking."""

from __future__ import annotations

import secrets
from datetime import datetime

from backend.accounts.models import digest_of
from backend.transactions import assert_in_transaction, durable
from scheduling.models import Client, ManageToken, Participant
from scheduling.operations.locks import lock_resources


class Outdated(Exception):
    """The person has another address, or has chosen, since they were read: what was to be sent is not true any more."""


def issue_step(*, participant: Participant, purpose: str = ManageToken.Purpose.MANAGE, now: datetime) -> str:
    """A fresh secret of 128 random bits for a link; only its digest is stored (F129)."""
    assert_in_transaction()
    secret = secrets.token_urlsafe(16)
    ManageToken.objects.create(participant=participant, purpose=purpose, digest=digest_of(secret), created_at=now)
    return secret


@durable
def issue(*, participant: Participant, purpose: str = ManageToken.Purpose.MANAGE, now: datetime) -> str:
    """The same for a message to the person as `participant` was read: whoever is changing their address is waited for.

    Raises Outdated, so that no link lives that is mailed to an address just given up (F129).
    """
    read = _sent_to(participant, purpose)
    lock_resources([participant.client_id] if participant.client_id else [])
    if _sent_to(Participant.objects.select_related("client").get(pk=participant.pk), purpose) != read:
        raise Outdated
    return issue_step(participant=participant, purpose=purpose, now=now)


def _sent_to(participant: Participant, purpose: str) -> tuple[object, ...]:
    # Only what introduces is not true any more once its receiver has chosen.
    client = participant.client
    chosen_at = participant.chosen_at if purpose == ManageToken.Purpose.INTRODUCTION else None
    return (None, chosen_at) if client is None else (client.pk, client.email, client.phone, chosen_at)


def revoke_step(*, participant: Participant, now: datetime, purpose: str | None = None) -> int:
    """End all links of a participant, or those of one purpose. Returns how many."""
    assert_in_transaction()
    live = ManageToken.objects.filter(participant=participant, revoked_at=None)
    return (live if purpose is None else live.filter(purpose=purpose)).update(revoked_at=now)


def revoke_all_step(*, client: Client, now: datetime) -> int:
    """End all links of a client, in every booking: what was sent to an old address opens nothing (F129). Returns how
    many. The links of others in the same bookings stay."""
    assert_in_transaction()
    return ManageToken.objects.filter(participant__client=client, revoked_at=None).update(revoked_at=now)
