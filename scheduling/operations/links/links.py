"""Issue, mail, hand out and revoke links to one person's part in one booking."""

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

LONGEST = 5  # bookings for which one request sends links


class AlreadyIntroduced(Exception):
    """There is no second partner to introduce: nobody, or one who has chosen and so gets their own links."""


class Outdated(Exception):
    """Since the participant was read, the person changed address or number, or chose. The message must not be sent."""


def issue_step(*, participant: Participant, purpose: str = ManageToken.Purpose.MANAGE, now: datetime) -> str:
    """Issue a link: a fresh secret of 128 random bits, of which only the digest is stored (F129)."""
    return issue_many_step(wanted=[(participant, purpose)], now=now)[0]


def issue_many_step(*, wanted: Sequence[tuple[Participant, str]], now: datetime) -> list[str]:
    """Issue a link for each participant and purpose, in one statement. Returns the secrets in the order given."""
    assert_in_transaction()
    fresh = [secrets.token_urlsafe(16) for _ in wanted]
    ManageToken.objects.bulk_create(
        ManageToken(participant=participant, purpose=purpose, digest=digest_of(secret), created_at=now)
        for (participant, purpose), secret in zip(wanted, fresh, strict=True)
    )
    return fresh


@durable
def issue(*, participant: Participant, purpose: str = ManageToken.Purpose.MANAGE, now: datetime) -> str:
    """Issue a link for a message that goes to the address in `participant`, which was read without a lock.

    Waits for a transaction that is changing the address. Raises Outdated if it changed, so that no live link is mailed
    to an old address (F129).
    """
    read = _sent_to(participant, purpose)
    lock_resources([participant.client_id] if participant.client_id else [])
    if _sent_to(Participant.objects.select_related("client").get(pk=participant.pk), purpose) != read:
        raise Outdated
    return issue_step(participant=participant, purpose=purpose, now=now)


def _sent_to(participant: Participant, purpose: str) -> tuple[object, ...]:
    # A choice outdates an introduction only; a manage link stays right.
    client = participant.client
    chosen_at = participant.chosen_at if purpose == ManageToken.Purpose.INTRODUCTION else None
    return (None, chosen_at) if client is None else (client.pk, client.email, client.phone, chosen_at)


def revoke_step(*, participants: Sequence[Participant], now: datetime, purpose: str | None = None) -> int:
    """Revoke all links of the participants, or those of one purpose. Returns their number."""
    assert_in_transaction()
    live = ManageToken.objects.filter(participant__in=participants, revoked_at=None)
    return (live if purpose is None else live.filter(purpose=purpose)).update(revoked_at=now)


def revoke_all_step(*, client: Client, now: datetime) -> int:
    """Revoke all links of a client, in every booking (F129). Returns their number.

    Links of other people in the same bookings stay.
    """
    assert_in_transaction()
    return ManageToken.objects.filter(participant__client=client, revoked_at=None).update(revoked_at=now)


@durable
def hand_out_link(*, participant: Participant, by: Actor, now: datetime) -> str:
    """Issue a link for staff to pass on, and write an audit line. Returns the secret, which is shown once.

    A second partner who has not chosen yet gets an introduction, which ends when they choose (promise 10). The lock
    waits for a person who is choosing now.
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
    """Issue an introduction for the second partner and return its secret. Raises AlreadyIntroduced.

    It shows the shared dates and asks that person to choose, and ends when they have. The caller has checked with
    `visible_to` that the actor may see the booking.
    """
    booking = lock_booking(booking_id)
    second = booking.participants.filter(track=Participant.Track.B, chosen_at=None).first()
    if second is None or booking.status not in ("held", "confirmed"):
        raise AlreadyIntroduced("There is no link to pass on.")
    return issue_step(participant=second, purpose=ManageToken.Purpose.INTRODUCTION, now=now)


@durable
def send_links(*, email: str, now: datetime) -> None:
    """Mail a fresh link for each upcoming booking of the clients with this address who chose mail (promise 10).

    Sends one mail an hour at most per booking and person, because the delivery key holds the hour. Returns nothing, so
    that the caller cannot show whether the address is known.
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
