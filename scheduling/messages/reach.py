"""Channels by which a person may be reached for one booking. All are off until chosen (promise 10)."""

from __future__ import annotations

from scheduling.models import Participant
from scheduling.queries.people.parts import Part


def channels(part: Part) -> list[str]:
    """The channels, “email” and “sms”, that this person chose; empty until they have chosen for this booking."""
    if part.participant.chosen_at is None:
        return []
    chosen = [("email", part.client.may_email and part.client.email), ("sms", part.client.may_text)]
    return [channel for channel, allowed in chosen if allowed]


def wants_invites(part: Part) -> bool:
    """True if this person opted in to calendar invites and has an address for them."""
    return part.participant.chosen_at is not None and part.participant.calendar_invites and bool(part.client.email)


def awaits_introduction(part: Part) -> bool:
    """True for a second partner with an address who has not chosen yet how to be reached."""
    is_second = part.participant.track == Participant.Track.B
    return is_second and part.participant.chosen_at is None and bool(part.client.email)
