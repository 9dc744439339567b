"""Ask who comes and how they may be reached. Each page stores its answers first, then extends the hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from front.contact_forms import ContactForm
from front.forms import Form, posted
from front.journey import Journey
from scheduling.models import Service

from .ask_views import asks
from .forms import AboutForm, PartnerForm
from .held import held_of
from .holds import booking_of, keep, nothing_held
from .lost import GONE, lost
from .steps import CONTACT, PARTNER, YOU, progress


@asks
def you(request: HttpRequest) -> HttpResponse:
    """Ask for name, email, phone and a note about comfort."""
    journey = Journey(request)
    form = AboutForm(posted(request), initial=journey.typed("you"))
    back = reverse("public:when", args=[journey.service]) if journey.service else ""
    return _answer(request, journey, form, YOU, back=back, onward="public:contact")


@asks
def contact(request: HttpRequest) -> HttpResponse:
    """Ask the safe-contact questions."""
    journey = Journey(request)
    known = journey.typed("you")
    if not known:
        return redirect("public:you")
    form = ContactForm(
        posted(request),
        initial=journey.typed("contact"),
        email=known.get("email", ""),
        phone=known.get("phone", ""),
    )
    return _answer(request, journey, form, CONTACT, back=reverse("public:you"), onward="public:partner")


@asks
def partner(request: HttpRequest) -> HttpResponse:
    """Ask for the partner. A service for one person skips this page."""
    journey = Journey(request)
    booking = booking_of(request, journey)
    if booking is not None and booking.service.party != Service.Party.COUPLE:
        return redirect("public:check")
    form = PartnerForm(posted(request), initial=journey.typed("partner"))
    return _answer(request, journey, form, PARTNER, back=reverse("public:contact"), onward="public:check")


def _answer(request: HttpRequest, journey: Journey, form: Form, page: str, *, back: str, onward: str) -> HttpResponse:
    now = timezone.now()
    booking = booking_of(request, journey)
    if booking is None:
        return nothing_held(journey)
    if form.is_valid():
        kept: dict[str, Any] = form.kept() if isinstance(form, AboutForm) else form.cleaned_data
        journey.put(named=False, **{page: kept})
        return _held_on(request, journey, now=now) or redirect(onward)
    context = {
        "form": form,
        "held": held_of(booking, now=now),
        "step": progress(journey.steps, page),
        "back": back,
        "service": booking.service,
    }
    return render(request, f"public/{page}.html", context, status=422 if form.errors else 200)


def _held_on(request: HttpRequest, journey: Journey, *, now: datetime) -> HttpResponse | None:
    """Extend the hold. None if the time is held, else the page that says it is gone."""
    try:
        keep(request, journey, now=now)
    except GONE as gone:
        return lost(request, journey, gone, now=now)
    return None
