"""Check the booking, agree to the terms and pay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backend.accounts.actor import Actor
from billing.operations.booking import Booked, book_held
from billing.operations.errors import PaymentUnavailable
from billing.operations.paying import pay_again
from billing.queries.quotes import NotPriced, Quote, quote
from front.actors import visitor_of
from front.journey import Journey
from front.limits import limited
from front.openings.fee import Fee
from front.payment_csp import PAYMENT_CSP
from scheduling.models import Booking, Service
from scheduling.operations.bookings.extend import TooManyPaymentPages
from scheduling.operations.bookings.refused import HoldEnded

from .ask_views import asks
from .facts import facts_of
from .forms import AgreeForm
from .held import Held, held_of
from .holds import booking_of, keep, nothing_held
from .lost import GONE, lost
from .steps import CHECK, progress


@limited("bookings_per_address")
@csp_update(PAYMENT_CSP)
@asks
def check(request: HttpRequest) -> HttpResponse:
    """Show the whole booking with links to change it (GET); book it and go to the payment page (POST)."""
    journey, now = Journey(request), timezone.now()
    booking = booking_of(request, journey)
    if booking is None:
        return nothing_held(journey)
    if booking.status in (Booking.Status.CONFIRMED, Booking.Status.COMPLETED, Booking.Status.PAID_CONFLICT):
        return redirect("portal:done", reference=booking.reference)
    missing = _missing(journey, booking)
    if missing:
        return redirect(f"public:{missing}")
    if request.method == "POST":
        return _pay(request, journey, booking, now=now)
    return _page(request, journey, booking, AgreeForm(), now=now)


@require_POST
def more_time(request: HttpRequest) -> HttpResponse:
    """“I need more time”: extend the hold, or take the time again if the hold has ended."""
    journey, now = Journey(request), timezone.now()
    if booking_of(request, journey) is None:
        return nothing_held(journey)
    try:
        keep(request, journey, now=now)
    except GONE as gone:
        return lost(request, journey, gone, now=now)
    return redirect("public:check")


def _missing(journey: Journey, booking: Booking) -> str:
    """The first page whose answers are still missing; empty if there is none."""
    pages = ["you", "contact", *(["partner"] if _is_for_two(booking) else [])]
    return next((page for page in pages if not journey.typed(page)), "")


def _is_for_two(booking: Booking) -> bool:
    """True if the held service is for a couple. The journey's steps may belong to a service in another tab."""
    return booking.service.party == Service.Party.COUPLE


def _pay(request: HttpRequest, journey: Journey, booking: Booking, *, now: datetime) -> HttpResponse:
    form = AgreeForm(request.POST)
    if not form.is_valid():
        return _page(request, journey, booking, form, now=now, status=422)
    held = held_of(booking, now=now)
    if request.POST.get("shown") != shown(_quote(held, now=now)):
        form.add_error(None, _("The price changed while you were booking. Check it, and agree again"))
        return _page(request, journey, booking, form, now=now, status=409)
    try:
        booking = keep(request, journey, now=now)
        booked = _book(journey, booking, by=visitor_of(request), now=now)
    except GONE as gone:
        return lost(request, journey, gone, now=now)
    except HoldEnded:
        return redirect("portal:done", reference=booking.reference)
    except (TooManyPaymentPages, PaymentUnavailable) as error:
        form.add_error(None, str(error))
        return _page(request, journey, booking, form, now=now, status=503)
    journey.put(named=True)
    return _onward(request, journey, booked, form, now=now)


def _book(journey: Journey, booking: Booking, *, by: Actor, now: datetime) -> Booked:
    """Name the people and freeze the terms, or return the existing payment page if nothing has changed."""
    if journey.is_named:
        return pay_again(booking_id=booking.pk, by=by, now=now)
    people = journey.people_for(booking.service)
    return book_held(booking_id=booking.pk, people=people, accept_policy=True, by=by, now=now)


def _onward(request: HttpRequest, journey: Journey, booked: Booked, form: AgreeForm, *, now: datetime) -> HttpResponse:
    if booked.checkout_url:
        return HttpResponse(status=303, headers={"Location": booked.checkout_url})
    booking = Booking.objects.select_related("service__program", "location").get(pk=booked.booking.pk)
    if booking.status == Booking.Status.HELD and booked.due_now:
        form.add_error(None, str(PaymentUnavailable()))
        return _page(request, journey, booking, form, now=now, status=503)
    return redirect("portal:done", reference=booking.reference)


def _quote(held: Held, *, now: datetime) -> Quote | None:
    try:
        return quote(held.opening, now=now)
    except NotPriced:
        return None


def shown(found: Quote | None) -> str:
    """Price and amount due that the page showed, as text. It is compared when paying, never charged."""
    return f"{found.price.cents}-{found.due_now.cents}" if found else ""


def _page(
    request: HttpRequest, journey: Journey, booking: Booking, form: AgreeForm, *, now: datetime, status: int = 200
) -> HttpResponse:
    held = held_of(booking, now=now)
    found = _quote(held, now=now)
    context: dict[str, Any] = {
        "form": form,
        "held": held,
        "quote": found,
        "fee": Fee(held.opening, found) if found else None,
        "shown": shown(found),
        "facts": facts_of(journey, held),
        "people": journey.people_for(booking.service),
        "declined": request.GET.get("payment") == "open",
        "step": progress(journey.steps, CHECK),
        "back": reverse("public:partner" if _is_for_two(booking) else "public:contact"),
    }
    return render(request, "public/check.html", context, status=status)
