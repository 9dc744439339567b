"""Find the booking of a request that was sent twice, by a double click or after its answer was lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from backend.accounts.actor import Actor
from scheduling.models import Booking, Client
from scheduling.models.booking import live_hold
from scheduling.opening_id import OpeningId


def own_booking(*, pin: OpeningId, clients: Sequence[Client], by: Actor, now: datetime) -> Booking | None:
    """The live booking that user `by` made of the same opening for the same clients: track A, then B.

    Takes one statement. None means that the time was lost to another booking.
    """
    live = Q(status=Booking.Status.CONFIRMED) | live_hold(now)
    bookings = Booking.objects.filter(live, created_by=by.user, service__slug=pin.service, location__slug=pin.location)
    for track, client in zip("AB", clients, strict=False):
        bookings = bookings.filter(participants__track=track, participants__client=client)
    times = _times_of(pin)
    return next((one for one in bookings.order_by("-pk") if _times_of(OpeningId.decode(one.opening)) == times), None)


def _times_of(pin: OpeningId) -> OpeningId:
    # The number of weeks that were looked at does not make it another booking.
    return replace(pin, weeks=0)
