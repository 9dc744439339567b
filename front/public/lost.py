"""Answer when the held time is gone: the nearest times. All details entered stay."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from front.errors import page_for
from front.journey import Journey
from scheduling.opening_id import UnknownOpening
from scheduling.operations.bookings.refused import Taken, TooManyHolds

from .ask import Ask
from .ask_views import place_in
from .catalog_views import service_or_404
from .choices import person_chosen
from .when_views import times_after

GONE = (Taken, TooManyHolds, UnknownOpening)


def lost(request: HttpRequest, journey: Journey, gone: Exception, *, now: datetime) -> HttpResponse:
    """The page of times (409) with the nearest on top, for `gone`, one of GONE.

    An error page without times if the opening is not on offer any more (409) or this browser has too many holds (429).
    """
    if not isinstance(gone, Taken):
        return page_for(request, 429 if isinstance(gone, TooManyHolds) else 409, words=str(gone))
    service = service_or_404(journey.service)
    where = place_in(journey, service)
    if where is None:
        return redirect("public:place", slug=service.slug)
    _answered, person = person_chosen(journey, service, where)
    words = _("Your hold on this time has ended. Your details are still here. Choose a time to continue.")
    return times_after(request, Ask(service, where, person, now), gone, words=words)
