"""Links to one person's part in one booking: issued, mailed, handed out, passed on, sent again, revoked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from backend.accounts.actor import Actor
from backend.accounts.models import digest_of
from backend.audit.models import AuditLine
from backend.audit.operations import record
from backend.outbox import operations as outbox
from backend.transactions import assert_in_transaction, durable
from scheduling.messages.rows import notice_rows
from scheduling.models import Client, ManageToken, Participant
from scheduling.operations.locks import lock_booking, lock_resources
from scheduling.queries.people.parts import part_of

LONGEST = 5  # messages for one question


class AlreadyIntroduced(Exception):
    """There is no second person, or that person has chosen already: only they get links to their part."""


class Outdated(Exception):
    """The person has another address, or has chosen, since they were read: what was to be sent is not true any more."""


def issue_step(*, participant: Participant, purpose: str = ManageToken.Purpose.MANAGE, now: datetime) -> str:
    """A fresh secret of 128 random bits for a link; only its digest is stored (F129)."""
    return issue_many_step(wanted=[(participant, purpose)], now=now)[0]


def issue_many_step(*, wanted: Sequence[tuple[Participant, str]], now: datetime) -> list[str]:
    """A fresh secret for each participant and purpose, in one statement."""
    assert_in_transaction()
    fresh = [secrets.token_urlsafe(16) for _ in wanted]
    ManageToken.objects.bulk_create(
        ManageToken(participant=participant, purpose=purpose, digest=digest_of(secret), created_at=now)
        for (participant, purpose), secret in zip(wanted, fresh, strict=True)
    )
    return fresh


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


def revoke_step(*, participants: Sequence[Participant], now: datetime, purpose: str | None = None) -> int:
    """End all links of participants, or those of one purpose. Returns how many."""
    assert_in_transaction()
    live = ManageToken.objects.filter(participant__in=participants, revoked_at=None)
    return (live if purpose is None else live.filter(purpose=purpose)).update(revoked_at=now)


def revoke_all_step(*, client: Client, now: datetime) -> int:
    """End all links of a client, in every booking: what was sent to an old address opens nothing (F129). Returns how
    many. The links of others in the same bookings stay."""
    assert_in_transaction()
    return ManageToken.objects.filter(participant__client=client, revoked_at=None).update(revoked_at=now)


@durable
def hand_out_link(*, participant: Participant, by: Actor, now: datetime) -> str:
    """A fresh link secret for one person's part, told once, and a line of who made it.

    A second partner who has not chosen yet gets the introduction, which dies when they choose (promise 10). Who chooses
    at this moment is waited for.
    """
    lock_booking(participant.booking_id)
    participant.refresh_from_db()
    is_new = participant.track == Participant.Track.B and participant.chosen_at is None
    purpose = ManageToken.Purpose.INTRODUCTION if is_new else ManageToken.Purpose.MANAGE
    secret = issue_step(participant=participant, purpose=purpose, now=now)
    record(verb=AuditLine.Verb.CHANGE, subject="participant", subject_id=participant.pk, detail="link", by=by, now=now)
    return secret


@durable
def introduce(*, booking_id: int, now: datetime) -> str:
    """A fresh introduction secret for the second person; whose booking it is, the caller has asked (`visible_to`).

    It shows the shared dates and asks that person to choose; it dies when they have. Raises AlreadyIntroduced.
    """
    booking = lock_booking(booking_id)
    second = booking.participants.filter(track=Participant.Track.B, chosen_at=None).first()
    if second is None or booking.status not in ("held", "confirmed"):
        raise AlreadyIntroduced("There is no link to pass on.")
    return issue_step(participant=second, purpose=ManageToken.Purpose.INTRODUCTION, now=now)


@durable
def send_links(*, email: str, now: datetime) -> None:
    """Send a fresh link by mail for each coming booking of the people who chose mail to this address.

    Says nothing about whether there are any. At most one mail an hour per booking and person, as its key holds the
    hour, and never to somebody who did not choose mail (promise 10).
    """
    coming = Participant.objects.filter(
        client__email=email.strip().lower(),
        client__may_email=True,
        booking__status="confirmed",
        attendances__status="booked",
        attendances__appointment__during__endswith__gt=now,
    )
    rows = []
    for participant_id in coming.order_by("pk").values_list("pk", flat=True).distinct()[:LONGEST]:
        part = part_of(participant_id)
        if part is not None:
            hour = now.replace(minute=0, second=0, microsecond=0)
            rows += notice_rows("link", part, due_at=now, only={"email"}, stamp=hour)
    outbox.plan_many(rows, now=now)
