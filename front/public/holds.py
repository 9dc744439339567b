"""The hold of a journey: take it, find it, extend it, or take it again once it has ended."""

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
    own = visible_to(Booking, visitor_of(request)).filter(pk=journey.booking_id)
    return own.select_related("service__program", "location").first()


def nothing_held(journey: Journey) -> HttpResponse:
    """Redirect of a page that needs a hold: to the times if a service is being looked at, else to the end page."""
    if journey.booking_id is None and journey.service:
        return redirect("public:when", slug=journey.service)
    return redirect("public:ended")


def take(request: HttpRequest, journey: Journey, opening: str, *, now: datetime) -> Booking:
    """Hold an opening for this browser. A hold of another opening is released first.

    Raises Taken, UnknownOpening, TooManyHolds.
    """
    by = keep_holder(request)
    former = booking_of(request, journey)
    if former is not None and former.is_live_hold(now):
        if former.opening == opening:
            return former
        with suppress(PaymentUnavailable, MoveRefused):  # that hold then ends at its deadline
            let_go(booking_id=former.pk, by=by, now=now)
    return hold(opening=opening, by=by, now=now)


def keep(request: HttpRequest, journey: Journey, *, now: datetime) -> Booking:
    """Extend the hold of an active visitor. If it has ended, take the same time again.

    Raises Taken, UnknownOpening, TooManyHolds if that time cannot be taken any more.
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
    # A hold lasts an hour at most. Without this limit a visitor could take the same time again all day (F19).
    try:
        count("holds_again", f"{keep_holder(request).holder} {journey.opening}", now=now, seconds=DAY)
    except TooMany as error:
        raise TooManyHolds("We cannot hold this time any longer. Choose a time again, or call us.") from error
