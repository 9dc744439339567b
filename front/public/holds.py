"""The hold of a journey: taking it, finding it again, and taking it anew when it has ended."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from billing.operations.errors import PaymentUnavailable
from billing.operations.paying import let_go
from front.actors import keep_holder, visitor_of
from front.journey import Journey
from front.limits import DAY, TooMany, count
from scheduling.models import Booking
from scheduling.operations.bookings.extend import extend
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.refused import HoldEnded, TooManyHolds
from scheduling.operations.bookings.status import MoveRefused
from scheduling.queries.people.visibility import visible_to


def booking_of(request: HttpRequest, journey: Journey) -> Booking | None:
    """The journey's booking, if this browser session owns it."""
    if journey.booking_id is None:
        return None
    mine = visible_to(Booking, visitor_of(request)).filter(pk=journey.booking_id)
    return mine.select_related("service__program", "location").first()


def nothing_held(journey: Journey) -> HttpResponse:
    """Where a page of a hold leads without one: to the times while they are being looked at, else the visit is over."""
    if journey.booking_id is None and journey.service:
        return redirect("public:when", slug=journey.service)
    return redirect("public:ended")


def take(request: HttpRequest, journey: Journey, opening: str, *, now: datetime) -> Booking:
    """Hold an opening for this browser; a hold that it has on another one is let go first.

    Raises Taken, UnknownOpening, TooManyHolds.
    """
    by = keep_holder(request)
    former = booking_of(request, journey)
    if former is not None and former.is_live_hold(now):
        if former.opening == opening:
            return former
        with suppress(PaymentUnavailable, MoveRefused):  # then it ends by itself at its deadline
            let_go(booking_id=former.pk, by=by, now=now)
    return hold(opening=opening, by=by, now=now)


def keep(request: HttpRequest, journey: Journey, *, now: datetime) -> Booking:
    """Hold for longer, since the visitor is active; if the hold has ended, take the same time again silently.

    Raises Taken, UnknownOpening, TooManyHolds if that time is not to be had any more.
    """
    booking = booking_of(request, journey)
    if booking is not None and booking.status in (Booking.Status.CONFIRMED, Booking.Status.COMPLETED):
        return booking
    if booking is not None:
        with suppress(HoldEnded):
            return extend(booking_id=booking.pk, by=visitor_of(request), now=now)
    _refuse_endless(request, journey, now=now)
    fresh = take(request, journey, journey.opening, now=now)
    journey.put(booking=fresh.pk, named=False)
    return fresh


def _refuse_endless(request: HttpRequest, journey: Journey, *, now: datetime) -> None:
    # An hour at most is an hour at most: else who keeps asking keeps a time from everybody (F19).
    try:
        count("holds_again", f"{keep_holder(request).holder} {journey.opening}", now=now, seconds=DAY)
    except TooMany as error:
        raise TooManyHolds("We cannot hold this time any longer. Choose a time again, or call us.") from error
