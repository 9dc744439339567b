"""The page of times, and the page that asks for the office. Choosing a time holds it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.queries.quotes import costs, quotes
from front.actors import address_of
from front.forms import posted
from front.journey import Journey
from front.limits import count, limited
from front.openings.times import cheapest_first, near
from front.templatetags.when import moment_at
from scheduling.availability.refusals import Reason
from scheduling.models import Service
from scheduling.opening_id import OpeningId, UnknownOpening
from scheduling.operations.bookings.refused import Taken, TooManyHolds
from scheduling.queries.openings.opening import describe

from .ask import Ask
from .ask_views import asks, place_in
from .catalog import first_call
from .catalog_views import service_or_404
from .choices import person_chosen
from .forms import OpeningForm
from .held import held_now
from .holds import take
from .listing import listing_of
from .nothing_free import NothingFree
from .office_question import office_question
from .steps import WHEN, back_from, progress, steps_for, steps_taken


@limited("openings_per_address", methods=("GET",))
@asks
def when(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the times (GET); hold the chosen one (POST), or ask for the office first if several have it."""
    journey = Journey(request, slug)
    ask = _ask(request, journey, slug)
    if isinstance(ask, HttpResponse):
        return ask
    if request.method != "POST":
        return _times(request, ask, since=_since(request, ask))
    form = OpeningForm(request.POST, missing=_missing(ask))
    if not form.is_valid():
        return _times(request, ask, since=_since(request, ask), form=form, status=422)
    return _chosen(request, journey, ask, form)


@limited("openings_per_address", methods=("GET",))
@asks
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for one of the offices that have the chosen start, the cheapest first (GET); hold the time there (POST)."""
    journey = Journey(request, slug)
    ask = _ask(request, journey, slug)
    if isinstance(ask, HttpResponse):
        return ask
    form = OpeningForm(request.POST)
    if request.method == "POST" and form.is_valid():
        return _held(request, journey, ask, form)
    offices = ask.offices_at(journey.start) if journey.start else []
    if not offices:
        return redirect("public:when", slug=slug)
    priced = costs(offices, now=ask.now)
    question = office_question(posted(request), cheapest_first(offices, priced), priced)
    context = {"form": question, "service": ask.service, "step": progress(steps_for(ask.service, ask.place), WHEN)}
    context["back"] = reverse("public:when", args=[slug])
    return render(request, "public/question.html", context, status=422 if question.errors else 200)


def _ask(request: HttpRequest, journey: Journey, slug: str) -> Ask | HttpResponse:
    """The search of the journey, or a redirect to the question that has to be answered first."""
    service = service_or_404(slug)
    if service.booking_mode != Service.BookingMode.INSTANT:
        return redirect("public:callback", slug=slug)
    where = place_in(journey, service)
    if where is None:
        return redirect("public:place", slug=slug)
    answered, person = person_chosen(journey, service, where)
    if not answered:
        return redirect("public:who", slug=slug)
    return Ask(service, where, person, timezone.now())


def _missing(ask: Ask) -> str:
    if ask.is_group:
        return _("Choose a group")
    return _("Choose your days") if ask.service.is_program else _("Choose a time")


def _chosen(request: HttpRequest, journey: Journey, ask: Ask, form: OpeningForm) -> HttpResponse:
    opening = form.cleaned_data["opening"]
    try:
        several = ask.any_office and ask.is_session and len(ask.offices_at(opening)) > 1
    except UnknownOpening:
        several = False  # `_held` shows the error
    if not several:
        return _held(request, journey, ask, form)
    journey.put(service=ask.service.slug, start=opening)
    return redirect("public:office", slug=ask.service.slug)


def _held(request: HttpRequest, journey: Journey, ask: Ask, form: OpeningForm) -> HttpResponse:
    opening = form.cleaned_data["opening"]
    count("holds_per_address", address_of(request), now=ask.now)
    try:
        _refuse_other_service(opening, ask.service)
        booking = take(request, journey, opening, now=ask.now)
    except UnknownOpening as error:
        form.add_error("opening", str(error))
        return _times(request, ask, since=ask.today, form=form, status=422)
    except TooManyHolds as error:
        form.add_error("opening", str(error))
        return _times(request, ask, since=ask.today, form=form, status=429)
    except Taken as taken:
        return times_after(request, ask, taken, words=_taken_words(opening, taken))
    journey.put(service=ask.service.slug, booking=booking.pk, opening=opening, named=False)
    journey.put(steps=steps_taken(journey, ask.service))
    return redirect("public:you")


def _taken_words(opening: str, taken: Taken) -> str:
    """Words of the refusal; if the time has just been taken, they name it."""
    if taken.reason != Reason.TAKEN:
        return str(taken)
    lost = describe(opening)
    return _("Someone else has just taken %(moment)s.") % {"moment": moment_at(lost.starts_at, lost.location)}


def _refuse_other_service(opening: str, service: Service) -> None:
    if OpeningId.decode(opening).service != service.slug:
        raise UnknownOpening(_("This time is not known. Choose one from the list"))


def times_after(request: HttpRequest, ask: Ask, taken: Taken, *, words: str = "") -> HttpResponse:
    """The page of times (409) after a time was lost, with the nearest on top. Details entered stay."""
    closest = near(taken.alternatives, quotes(taken.alternatives, now=ask.now))
    return _times(request, ask, since=ask.today, status=409, taken=words or str(taken), near=closest)


def _times(
    request: HttpRequest, ask: Ask, *, since: date, form: OpeningForm | None = None, status: int = 200, **extra: Any
) -> HttpResponse:
    held, steps = held_now(request, now=ask.now), steps_for(ask.service, ask.place)
    listing = listing_of(ask, since=since, held_on=held.first_day if held else None)
    nothing = None
    if listing.first is None:
        nothing = NothingFree(ask, since, listing.found.next_on, besides=held is not None)
    context = {
        "service": ask.service,
        "place": ask.place,
        "person": ask.person,
        "any_office": ask.any_office,
        "held": held,
        "nothing": nothing,
        "may_call": first_call() is not None,
        "form": form or OpeningForm(),
        "days": listing.days,
        "groups": listing.groups,
        "ranges": listing.ranges,
        "first": listing.first,
        "price": listing.price,
        "next_on": listing.found.next_on,
        "later": listing.later,
        "since": since,
        "earlier": since > ask.today,
        "step": progress(steps, WHEN),
        "back": back_from(WHEN, steps, ask.service.slug),
    }
    return render(request, "public/when.html", context | extra, status=status)


def _since(request: HttpRequest, ask: Ask) -> date:
    text = request.GET.get("from", "")
    try:
        since = date.fromisoformat(text) if text else ask.today
    except ValueError as error:
        raise BadRequest("from is not a date") from error
    return min(max(since, ask.today), ask.last)
