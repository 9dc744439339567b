"""Links to one person's part in one booking."""

from __future__ import annotations

import secrets
from datetime import datetime

from backend.accounts.models import digest_of
from backend.transactions import assert_in_transaction, durable
from scheduling.models import Client, ManageToken, Participant


def issue_step(*, participant: Participant, purpose: str = ManageToken.Purpose.MANAGE, now: datetime) -> str:
    """A fresh secret of 128 random bits for a link; only its digest is stored (F129)."""
    assert_in_transaction()
    secret = secrets.token_urlsafe(16)
    ManageToken.objects.create(participant=participant, purpose=purpose, digest=digest_of(secret), created_at=now)
    return secret


issue = durable(issue_step)


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
