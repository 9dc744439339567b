"""Record one person's choices: how they may be reached, and whether they want calendar entries."""

from __future__ import annotations

from datetime import datetime

from backend.accounts.actor import Actor
from backend.audit.models import AuditLine
from backend.audit.operations import record
from backend.transactions import durable
from scheduling import events
from scheduling.models import Client, ManageToken, Participant
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.participants import reserve_clients_step
from scheduling.operations.clients import Person, add_client_step, link_partners_step, update_client_step
from scheduling.operations.links.links import issue_step, revoke_step
from scheduling.operations.locks import lock_bookings, lock_resources


@durable
def choose_contact(*, participant_id: int, choice: Person, by: Actor, now: datetime) -> str:
    """Record the choices of a participant and return a fresh secret for their manage link.

    Revokes the introduction link, because the partner who passed it on has it too. A changed address or number revokes
    all of this person's links, in every booking. The other partner learns nothing. Raises Participant.DoesNotExist.
    """
    participant = Participant.objects.select_related("client").get(pk=participant_id)
    lock_resources([participant.client_id] if participant.client_id else [])
    booking = lock_bookings([participant.booking_id])[0]
    participant.refresh_from_db()  # two saves at once: the second must see the client that the first added
    if participant.client is None:
        participant.client = add_client_step(person=choice, by=by, now=now)
        other = booking.participants.exclude(pk=participant.pk).exclude(client=None).select_related("client").first()
        participant.save(update_fields=["client"])
        if other is not None and other.client is not None:
            link_partners_step(first=participant.client, second=other.client, now=now)
        draft = BookingDraft(booking=booking, participants=[participant])
        draft.read_visits()
        reserve_clients_step(draft=draft, attendances=draft.attendances)
    else:
        update_client_step(client=participant.client, person=choice, source="own choice", now=now)
        Client.objects.filter(pk=participant.client_id).update(contact_chosen_at=now)  # no channel is a choice too
    participant.chosen_at = now
    participant.calendar_invites = choice.calendar_invites
    participant.save(update_fields=["chosen_at", "calendar_invites"])
    revoke_step(participants=[participant], purpose=ManageToken.Purpose.INTRODUCTION, now=now)
    record(
        verb=AuditLine.Verb.CHANGE, subject="participant", subject_id=participant.pk, detail="choices", by=by, now=now
    )
    events.participant_chose(participant=participant, now=now)
    return issue_step(participant=participant, now=now)
