"""A hold with names on it from the start: what the desk does on the phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from backend.accounts.actor import Actor
from backend.transactions import durable
from scheduling.models import Booking
from scheduling.operations.bookings.hold import HOLD_MINUTES, hold_step, naming_alternatives
from scheduling.operations.bookings.participants import name_participants_step
from scheduling.operations.clients import Person, by_track


def hold_for(
    *, opening: str, people: Sequence[Person], by: Actor, now: datetime, hold_minutes: int = HOLD_MINUTES
) -> Booking:
    """Hold an opening and name its people in one transaction; nobody has accepted the policy yet.

    Raises Taken (with alternatives), UnknownOpening, TooManyHolds, NotNamed.
    """
    with naming_alternatives(opening, by_track(people), by=by, now=now):
        return _hold_for(opening=opening, people=people, by=by, now=now, hold_minutes=hold_minutes)


@durable
def _hold_for(*, opening: str, people: Sequence[Person], by: Actor, now: datetime, hold_minutes: int) -> Booking:
    booking = hold_step(opening=opening, by=by, now=now, hold_minutes=hold_minutes, client_ids=by_track(people))
    name_participants_step(booking=booking, people=people, by=by, now=now)
    return booking
