"""Book by phone: choose the client, then service and place, then a time. Holding it leads to the booking's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from billing.queries.quotes import quotes
from front.accounts.coming_back import comes_back_to
from front.actors import actor_of
from front.openings.times import Near, Range, TileDay, later_from, near, ranges, tile_days
from scheduling.availability.timegrid.walltime import local_date
from scheduling.models import Booking, Client, Location, Mode, Service
from scheduling.opening_id import OpeningId, UnknownOpening
from scheduling.operations.bookings.hold import hold_for
from scheduling.operations.bookings.participants import NotNamed
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.clients import Person
from scheduling.permissions import desks_of
from scheduling.queries.openings.booked_before import own_booking
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.party import party_of
from scheduling.queries.openings.search import Search

from .draft import Draft
from .forms import CriteriaForm, RepeatForm, WhyNotForm
from .guard import desk_only, desk_or_404
from .modes import given, not_given
from .nothing import Nothing
from .people import known_client, note_shown, who_context
from .repeat import Repeat
from .words import Contact, contact_of

SESSION_DAYS, PROGRAM_DAYS = 14, 62


@dataclass(frozen=True)
class Chosen:
    """A client of the draft, with their contact rules. `change`: address of the draft without this client."""

    client: Client
    contact: Contact
    change: str


@dataclass(frozen=True)
class Times:
    """Openings on a page: days of tiles, or ranges for a program. `first`: first date. `last`: last bookable date.

    `later`, `earlier`: addresses of the neighboring pages; empty if there is none.
    """

    days: list[TileDay]
    ranges: list[Range]
    first: date
    last: date
    next_on: date | None = None
    later: str = ""
    earlier: str = ""


@require_safe
@desk_only
def book(request: HttpRequest) -> HttpResponse:
    """Ask for the next choice: the client or partner, or the service and time."""
    draft = Draft.of(request.GET)
    chosen = people_of(request, draft)
    if not chosen or request.GET.get("find") == "partner":
        return render(request, "desk/who.html", who_context(draft if chosen else draft.but(client="", partner="")))
    return times_page(request, draft, chosen)


@require_POST
@desk_only
@comes_back_to(lambda request: Draft.of(request.POST).address)
def hold(request: HttpRequest) -> HttpResponse:
    """Hold the time for the chosen clients, or go on to the dates of a series.

    A lost race is a 409 with the nearest times, and all choices stay. A form sent twice leads to the first hold.
    """
    draft, repeat = Draft.of(request.POST), RepeatForm(request.POST)
    chosen = people_of(request, draft)
    opening = request.POST.get("opening", "")
    if not chosen:
        raise Http404
    problem = "" if opening else "Choose a time"
    if problem or not repeat.is_valid():
        return times_page(request, draft, chosen, problem=problem, repeat=repeat, picked=opening, status=422)
    if repeat.repeats:
        return redirect(Repeat.of(opening, repeat).address(draft))
    try:
        booking = hold_opening(request, opening, chosen)
    except (UnknownOpening, NotNamed) as error:
        return times_page(request, draft, chosen, problem=str(error), status=422)
    except Taken as taken:
        return times_page(request, draft, chosen, taken=taken, near=near_of(request, taken), status=409)
    return redirect("desk:booking", reference=booking.reference)


def hold_opening(request: HttpRequest, opening: str, chosen: list[Chosen]) -> Booking:
    """Hold an opening at an office of this desk for the chosen clients, or return the hold this user has made of it.

    Raises UnknownOpening, NotNamed, Taken, Http404.
    """
    actor, now, pin = actor_of(request), timezone.now(), OpeningId.decode(opening)
    desk_or_404(actor, pin.location)
    try:
        return hold_for(opening=opening, people=[Person(client_id=one.client.pk) for one in chosen], by=actor, now=now)
    except Taken:
        booking = own_booking(pin=pin, clients=[one.client for one in chosen], by=actor, now=now)
        if booking is None:
            raise
        return booking


def near_of(request: HttpRequest, taken: Taken) -> list[Near]:
    """Alternatives at offices of this desk, with quotes."""
    offices = set(desks_of(actor_of(request)))
    found = [opening for opening in taken.alternatives if opening.location in offices]
    return near(found, quotes(found, now=timezone.now()))


def people_of(request: HttpRequest, draft: Draft) -> list[Chosen]:
    """The client, then the partner. A client whom the user may not book for is left out."""
    found: list[Chosen] = []
    for client_id, without in ((draft.client, draft.but(client="")), (draft.partner, draft.but(partner=""))):
        client = known_client(request, client_id) if client_id else None
        if client is None and not found:
            return []
        if client is not None:
            found.append(Chosen(client, contact_of(client), without.address))
    return found


def criteria_form(request: HttpRequest, draft: Draft) -> CriteriaForm:
    """The form for service, place, mode and clinician; bound once the draft has a service."""
    offices = desks_of(actor_of(request))
    first = offices.first()
    usual = {"office": first.slug if first else "", "mode": Mode.OFFICE}
    return CriteriaForm({**usual, **draft.filled} if draft.service else None, offices=offices, initial=usual)


def times_page(
    request: HttpRequest, draft: Draft, chosen: list[Chosen], *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page with the criteria, and openings once these are valid. `more`: errors, and the time picked before."""
    form = criteria_form(request, draft)
    note_shown(request, chosen, page="book")
    context: dict[str, Any] = {"area": "book", "draft": draft, "form": form, "chosen": chosen, "errors": status == 422}
    if form.is_bound and form.is_valid():
        criteria = form.cleaned_data
        service = criteria["service"]
        times = _times(draft, criteria, chosen)
        context |= {"service": service, "office": criteria["office"], "times": times}
        context["not_given"] = not_given(service, criteria["mode"])
        if not times.days and not times.ranges:
            offices = form.offices.filter(pk__in=service.locations.values("pk")).exclude(pk=criteria["office"].pk)
            context["nothing"] = Nothing(draft, criteria, times.first, times.last, times.next_on, offices.exists())
        context["takes_two"] = service.party == Service.Party.COUPLE
        context["repeat"] = None if service.is_program or service.party == Service.Party.GROUP else RepeatForm()
        context["why"] = WhyNotForm()
    return render(request, "desk/times.html", context | more, status=status)


def _times(draft: Draft, criteria: dict[str, Any], chosen: list[Chosen]) -> Times:
    service: Service = criteria["service"]
    office: Location = criteria["office"]
    now = timezone.now()
    today = local_date(now, office.tzinfo)
    last = today + timedelta(days=service.horizon_days)
    first = min(max(criteria["since"] or today, today), last)
    span = timedelta(days=PROGRAM_DAYS if service.is_program else SESSION_DAYS)
    found = openings(
        Search(
            service=service,
            first=first,
            until=first + span,
            now=now,
            location=office,
            clinician=criteria["who"],
            mode=given(service, criteria["mode"]),
            party=party_of([one.client.pk for one in chosen], service, now=now),
            waive_notice=True,
        )
    )
    priced = quotes(found.openings, now=now)
    days = [] if service.is_program else tile_days(found.openings, priced, since=first)
    shown = ranges(found.openings, priced) if service.is_program else []
    dates = [*(day.date for day in days), *(one.first_day for one in shown)]
    later = later_from(found.openings, dates, first + span)
    return Times(
        days=days,
        ranges=shown,
        first=first,
        last=last,
        next_on=found.next_on,
        later=draft.but(since=later.isoformat()).address if later <= last else "",
        earlier=draft.but(since=max(first - span, today).isoformat()).address if first > today else "",
    )
