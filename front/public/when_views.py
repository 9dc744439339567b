"""The times of a service. Choosing one holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.queries.quotes import quotes
from front.actors import address_of
from front.limits import count, limited
from front.templatetags.when import moment_at
from scheduling.availability.refusal import Reason
from scheduling.availability.walltime import local_date
from scheduling.models import Clinician, Service
from scheduling.opening_id import OpeningId, UnknownOpening
from scheduling.operations.holding import TooManyHolds
from scheduling.operations.planning import Taken
from scheduling.queries.opening import describe
from scheduling.queries.openings import Openings, openings

from .ask_views import asks, place_in
from .catalog_views import service_or_404
from .choices import Place, people_for, person_chosen
from .forms import OpeningForm
from .group_times import group_times
from .holds import take
from .journey import Journey
from .steps import WHEN, progress, steps_for
from .times import WINDOW_DAYS, WINDOW_PROGRAM_DAYS, later_from, near, one_per_start, ranges, tile_days


@limited("openings_per_address", methods=("GET",))
@asks
def when(request: HttpRequest, slug: str) -> HttpResponse:
    """The times. Choosing one holds it."""
    service, journey = service_or_404(slug), Journey(request, slug)
    if service.booking_mode != Service.BookingMode.INSTANT:
        return redirect("public:callback", slug=slug)
    where = place_in(journey, service)
    if where is None:
        return redirect("public:place", slug=slug)
    answered, person = person_chosen(journey, people_for(service, where))
    if not answered:
        return redirect("public:who", slug=slug)
    ask = Ask(service, where, person, timezone.now())
    if request.method == "POST":
        return _chosen(request, journey, ask)
    return _times(request, ask, since=_since(request, ask))


@dataclass(frozen=True)
class Ask:
    """What openings are looked for, and at which instant."""

    service: Service
    place: Place
    person: Clinician | None
    now: datetime

    @property
    def today(self) -> date:
        office = self.place.location or self.service.locations.first()
        return local_date(self.now, office.tzinfo) if office else self.now.date()

    @property
    def is_group(self) -> bool:
        return self.service.party == Service.Party.GROUP

    @property
    def window(self) -> timedelta:
        rare = self.service.is_program or self.is_group
        return timedelta(days=WINDOW_PROGRAM_DAYS if rare else WINDOW_DAYS)

    def find(self, since: date) -> Openings:
        """Openings of one window. Where any place will do, each start is there once; each group is its own."""
        found = openings(
            service=self.service,
            first=since,
            until=since + self.window,
            now=self.now,
            location=self.place.location,
            clinician=self.person,
            mode=self.place.mode,
        )
        one = found.openings if self.place.location or self.is_group else one_per_start(found.openings)
        return Openings(one, found.next_on)


def _chosen(request: HttpRequest, journey: Journey, ask: Ask) -> HttpResponse:
    form = OpeningForm(request.POST)
    if not form.is_valid():
        return _times(request, ask, since=_since(request, ask), form=form, status=422)
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
    journey.put(steps=steps_for(ask.service, ask.place))
    return redirect("public:you")


def _taken_words(opening: str, taken: Taken) -> str:
    """Names the time that was lost, where the reason is that somebody was quicker."""
    if taken.reason != Reason.TAKEN:
        return str(taken)
    lost = describe(opening)
    return _("Someone else has just taken %(moment)s.") % {"moment": moment_at(lost.starts_at, lost.location)}


def _refuse_other_service(opening: str, service: Service) -> None:
    if OpeningId.decode(opening).service != service.slug:
        raise UnknownOpening(_("This time is not known. Choose one from the list"))


def times_after(request: HttpRequest, ask: Ask, taken: Taken, *, words: str = "") -> HttpResponse:
    """Somebody was quicker: say so, and show what is close to it. Nothing typed is lost."""
    closest = near(taken.alternatives, quotes(taken.alternatives, now=ask.now))
    return _times(request, ask, since=ask.today, status=409, taken=words or str(taken), near=closest)


def _times(
    request: HttpRequest, ask: Ask, *, since: date, form: OpeningForm | None = None, status: int = 200, **extra: Any
) -> HttpResponse:
    found = ask.find(since)
    costs = quotes(found.openings, now=ask.now)
    groups = group_times(found.openings, costs) if ask.is_group else []
    days = [] if ask.service.is_program or ask.is_group else tile_days(found.openings, costs, since=since)
    offered = ranges(found.openings, costs) if ask.service.is_program else []
    shown = [day.date for day in days]
    if len(groups) < len(found.openings):
        shown += [one.dates[0] for one in groups]
    context = {
        "service": ask.service,
        "place": ask.place,
        "person": ask.person,
        "form": form or OpeningForm(),
        "days": days,
        "groups": groups,
        "ranges": offered,
        "first": found.openings[0] if found.openings else None,
        "one_price": len({quote.price for quote in costs.values()}) == 1,
        "price": next(iter(costs.values())).price if costs else None,
        "next_on": found.next_on,
        "later": _later(ask, since, found, [*shown, *(one.first_day for one in offered)]),
        "earlier": since > ask.today,
        "step": progress(steps_for(ask.service, ask.place), WHEN),
        "back": reverse("public:who", args=[ask.service.slug]),
    }
    return render(request, "public/when.html", context | extra, status=status)


def _later(ask: Ask, since: date, found: Openings, days: list[date]) -> date | None:
    """Where “later dates” begins: after the last day shown, as long as something is bookable there."""
    if not found.openings:
        return None
    shown = later_from(found.openings, days, since + ask.window)
    last = ask.today + timedelta(days=ask.service.horizon_days)
    return shown if shown <= last else None


def _since(request: HttpRequest, ask: Ask) -> date:
    text = request.GET.get("from", "")
    try:
        wanted = date.fromisoformat(text) if text else ask.today
    except ValueError as error:
        raise BadRequest("from is not a date") from error
    last = ask.today + timedelta(days=ask.service.horizon_days)
    return min(max(wanted, ask.today), last)
