"""A link handed out by the desk, on paper or read out, for whom no message reaches."""

from __future__ import annotations

from datetime import datetime

from backend.accounts.actor import Actor
from backend.audit.models import AuditLine
from backend.audit.operations import record
from backend.transactions import durable
from scheduling.models import ManageToken, Participant
from scheduling.operations.links.links import issue_step
from scheduling.operations.locks import lock_booking


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
