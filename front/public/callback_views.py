"""Ask for a call: “Call me first”, and services that are booked after a call."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from front.actors import keep_holder
from front.errors import page_for
from front.forms import e164, posted
from front.limits import limited
from scheduling.models import Location, Service
from scheduling.operations.bookings.request import request_booking
from scheduling.operations.clients import Person

from .ask_views import asks
from .catalog import FIRST_CALL, first_call
from .catalog_views import service_or_404
from .choices import places_of
from .forms import CallbackForm


@require_safe
def call(request: HttpRequest) -> HttpResponse:
    """Redirect to the form for a first call, or to the list of services if the practice offers none."""
    first = first_call()
    return redirect("public:callback", slug=first.slug) if first else redirect("public:services")


@limited("requests_per_address")
@asks
def callback(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a call about a service that cannot be booked directly."""
    service = service_or_404(slug)
    if service.booking_mode == Service.BookingMode.INSTANT:
        return redirect("public:place", slug=slug)
    offices = places_of(service)
    form = CallbackForm(posted(request), offices=offices)
    if form.is_valid() and not offices:
        return page_for(request, 503)
    if form.is_valid():
        _ask(request, service, offices, form.cleaned_data)
        return redirect("public:asked")
    back = reverse("public:home") if service.kind == FIRST_CALL else reverse("public:service", args=[slug])
    context = {"form": form, "service": service, "back": back}
    return render(request, "public/callback.html", context, status=422 if form.errors else 200)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Show what happens next after asking for a call."""
    return render(request, "public/asked.html")


def _ask(request: HttpRequest, service: Service, offices: list[Location], data: dict[str, Any]) -> None:
    """Record the request. A visitor who leaves a number has chosen calls, and no other channel."""
    person = Person(
        name=data["name"],
        phone=e164(data["phone"]),
        may_call=True,
        voicemail=data["voicemail"],
        safe_times=data["safe_times"],
    )
    office = next((one for one in offices if one.slug == data.get("office")), offices[0])
    request_booking(
        service=service,
        location=office,
        mode=service.modes[0],
        asked_for=data["wish"] or _("No wish named"),
        person=person,
        by=keep_holder(request),
        now=timezone.now(),
    )
