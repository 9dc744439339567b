"""Extend a hold: while the client is active, and while a payment page is open."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction, durable
from scheduling.models import Booking, Reservation, Service
from scheduling.operations.bookings.refused import HOLD_MINUTES, HoldEnded
from scheduling.operations.locks import lock_booking

LONGEST_MINUTES = 60  # on detail pages, from the moment the hold began
PAYMENT_PAGES = 3
# Longer than the reconciler's period, so that Stripe is asked before time is given away (F58).
PAYMENT_GRACE = timedelta(minutes=15)


class TooManyPaymentPages(Exception):
    """The payment page was opened `PAYMENT_PAGES` times already."""


@durable
def extend(*, booking_id: int, by: Actor, now: datetime) -> Booking:
    """Extend a hold to 15 minutes from `now`, at most 60 from its start. Raises HoldEnded, Booking.DoesNotExist."""
    booking = lock_booking(booking_id)
    _refuse_ended(booking, now)
    assert booking.held_at is not None
    cap = booking.held_at + timedelta(minutes=LONGEST_MINUTES)
    _extend_to(booking, min(now + timedelta(minutes=HOLD_MINUTES), cap))
    return booking


def extend_for_payment_step(*, booking: Booking, session_expires_at: datetime, now: datetime) -> None:
    """Extend a locked hold past the end of a payment page that is about to be opened (F47).

    Raises HoldEnded, and TooManyPaymentPages for the fourth page.
    """
    assert_in_transaction()
    _refuse_ended(booking, now)
    if booking.payment_pages >= PAYMENT_PAGES:
        raise TooManyPaymentPages("The payment page was opened three times. Call us and we will help.")
    booking.payment_pages += 1
    booking.save(update_fields=["payment_pages"])
    _extend_to(booking, session_expires_at + PAYMENT_GRACE)


def _refuse_ended(booking: Booking, now: datetime) -> None:
    if not booking.is_live_hold(now):
        raise HoldEnded("Your hold on this time has ended. Choose a time to continue.")


def _extend_to(booking: Booking, deadline: datetime) -> None:
    if booking.hold_expires_at is not None and deadline <= booking.hold_expires_at:
        return
    booking.hold_expires_at = deadline
    booking.save(update_fields=["hold_expires_at"])
    reservations_of(booking).update(held_until=deadline)


def reservations_of(booking: Booking) -> QuerySet[Reservation]:
    """Unreleased reservations of a booking: its clients' and, except for a group's, its appointments'."""
    unreleased = Reservation.objects.unreleased()
    in_appointments = unreleased.filter(appointment__attendances__participant__booking=booking).exclude(
        appointment__service__party=Service.Party.GROUP
    )
    in_attendances = unreleased.filter(attendance__participant__booking=booking)
    ids = in_appointments.values_list("pk").union(in_attendances.values_list("pk"))
    return Reservation.objects.filter(pk__in=ids)
