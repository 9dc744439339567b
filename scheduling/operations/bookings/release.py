"""Release a hold before its deadline."""

from __future__ import annotations

from datetime import datetime

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction, durable
from scheduling import events
from scheduling.models import Booking
from scheduling.operations.bookings.expire import free_step
from scheduling.operations.bookings.status import move_step
from scheduling.operations.locks import lock_booking


def release_step(*, booking: Booking, by: Actor, now: datetime, reason: str = "") -> None:
    """Release a locked hold. If a payment page is open, billing expires it first. Raises MoveRefused."""
    assert_in_transaction()
    move_step(booking=booking, to=Booking.Status.RELEASED, by=by, now=now, reason=reason)
    free_step(bookings=[booking], now=now)
    events.booking_released(booking=booking, now=now)


@durable
def release(*, booking_id: int, by: Actor, now: datetime, reason: str = "") -> Booking:
    """Release a hold that has no open payment page. Raises MoveRefused, Booking.DoesNotExist."""
    booking = lock_booking(booking_id)
    release_step(booking=booking, by=by, now=now, reason=reason)
    return booking
