"""Change a booking's status along the listed moves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction
from scheduling.models import Booking, BookingMove
from scheduling.models.booking import BOOKING_MOVES

_TIMES = {"confirmed": "confirmed_at", "cancelled": "cancelled_at", "completed": "completed_at"}


class MoveRefused(Exception):
    """The booking's status does not allow this move."""


def move_step(
    *, booking: Booking, to: str, by: Actor, now: datetime, reason: str = "", changed: Iterable[str] = ()
) -> None:
    """Change the status of a locked booking and record who did it, when and why.

    `changed`: other columns to save with it. Raises MoveRefused; the database refuses unlisted moves as well.
    """
    assert_in_transaction()
    if (booking.status, to) not in BOOKING_MOVES:
        raise MoveRefused(f"A booking that is {booking.status.replace('_', ' ')} cannot become {to.replace('_', ' ')}.")
    old, booking.status = booking.status, to
    fields = ["status", *changed]
    if to in _TIMES:
        setattr(booking, _TIMES[to], now)
        fields.append(_TIMES[to])
    booking.save(update_fields=fields)
    log_move_step(booking=booking, old=old, by=by, now=now, reason=reason)


def log_move_step(*, booking: Booking, old: str, by: Actor, now: datetime, reason: str = "") -> None:
    """Append a row for the move from `old` to the booking's current status."""
    BookingMove.objects.create(booking=booking, old=old, new=booking.status, at=now, actor=str(by), reason=reason)
