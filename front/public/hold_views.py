"""Release the held time."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from billing.operations.errors import PaymentUnavailable
from billing.operations.paying import let_go as give_back
from front.actors import visitor_of
from front.errors import page_for
from front.journey import Journey
from scheduling.models import Booking
from scheduling.operations.bookings.status import MoveRefused

from .holds import booking_of

# For these statuses, the booking's own page says what happened.
_PAGE_OF_ITS_OWN = (Booking.Status.CONFIRMED, Booking.Status.COMPLETED, Booking.Status.PAID_CONFLICT)


@require_POST
def let_go(request: HttpRequest, slug: str) -> HttpResponse:
    """Release the held time and go back to the times of `slug`. Details entered stay; nothing is held again."""
    journey, now = Journey(request), timezone.now()
    booking = booking_of(request, journey)
    if booking is not None and booking.is_live_hold(now):
        try:
            with suppress(MoveRefused):  # it has ended meanwhile
                booking = give_back(booking_id=booking.pk, by=visitor_of(request), now=now)
        except PaymentUnavailable as error:
            return page_for(request, 503, words=str(error))
    if booking is not None and booking.status in _PAGE_OF_ITS_OWN:
        return redirect("portal:done", reference=booking.reference)
    if journey.booking_id is not None:
        journey.put(booking=None, opening="", named=False)
    return redirect("public:when", slug=slug)
