"""A booking that was made already: a hold may be sent twice, by a double click or after its answer was lost."""

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
    """The booking that `by` holds or has at the same times, in the same way, for the same people (track A, then B).

    One statement. None if there is none: then the time was lost to somebody else.
    """
    standing = Q(status=Booking.Status.CONFIRMED) | live_hold(now)
    mine = Booking.objects.filter(standing, created_by=by.user, service__slug=pin.service, location__slug=pin.location)
    for track, client in zip("AB", clients, strict=False):
        mine = mine.filter(participants__track=track, participants__client=client)
    wanted = _times_of(pin)
    return next((one for one in mine.order_by("-pk") if _times_of(OpeningId.decode(one.opening)) == wanted), None)


def _times_of(pin: OpeningId) -> OpeningId:
    # Up to which week dates were looked at makes it no other booking.
    return replace(pin, weeks=0)
