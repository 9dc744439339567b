"""The link that the first partner passes on."""

from __future__ import annotations

from datetime import datetime

from backend.transactions import durable
from scheduling.models import ManageToken, Participant
from scheduling.operations.links.links import issue_step
from scheduling.operations.locks import lock_booking


class AlreadyIntroduced(Exception):
    """There is no second person, or that person has chosen already: only they get links to their part."""


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
