"""The dates of a series or standing appointment before they are held. Dates in conflict are left out or moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from billing.queries.quotes import NotPriced, Quote, quote
from front.accounts.coming_back import comes_back_to
from front.actors import actor_of
from front.openings.times import names_of
from front.templatetags.when import clock_at, moment_at
from scheduling.availability.timegrid.walltime import local_date
from scheduling.formats import long_date
from scheduling.models import Booking, Location
from scheduling.opening_id import UnknownOpening
from scheduling.operations.bookings.participants import NotNamed
from scheduling.operations.bookings.refused import Taken
from scheduling.queries.openings.booked_before import own_booking
from scheduling.queries.openings.opening import Opening, describe
from scheduling.queries.openings.party import party_of
from scheduling.queries.openings.series import BadSeries, Occurrence, Series, series

from .book import Chosen, hold_opening, people_of, times_page
from .draft import Draft
from .forms import RepeatForm
from .guard import desk_only, desk_or_404
from .patterns import every_line
from .people import note_shown
from .repeat import SKIP, Repeat, name_of, pin_of, value_of


@dataclass(frozen=True)
class Option:
    """One choice for a date: move it, move it back, or leave it out."""

    value: str
    words: str
    checked: bool


@dataclass(frozen=True)
class Line:
    """One date. `options`: choices for a date in conflict or moved; any other date may only be left out.

    `name`: name of its form field. `clash`: why it cannot be booked. `note`: sentence about a clock change before it.
    """

    name: str
    words: str
    clock: str
    clash: str
    skipped: bool
    note: str
    options: Sequence[Option] = ()


def dates_chosen(request: HttpRequest) -> str:
    """Address of the dates with all choices posted; of the times if no series was posted."""
    draft, form = Draft.of(request.POST), RepeatForm(request.POST)
    if not (form.is_valid() and form.repeats):
        return draft.address
    return Repeat.of(request.POST.get("opening", ""), form, request.POST).address(draft)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
@comes_back_to(dates_chosen)
def dates(request: HttpRequest) -> HttpResponse:
    """Show all dates (GET); hold all of them, or none (POST). A lost race is a 409 that names the dates."""
    data = request.POST if request.method == "POST" else request.GET
    draft, form = Draft.of(data), RepeatForm(data)
    chosen, opening = people_of(request, draft), data.get("opening", "")
    if not chosen:
        raise Http404
    if not (form.is_valid() and form.repeats):
        return times_page(request, draft, chosen, repeat=form, picked=opening, status=422)
    repeat = Repeat.of(opening, form, data)
    try:
        if request.method == "POST":
            return _answer(request, draft, repeat, chosen)
        return _page(request, draft, repeat, chosen)
    except (BadSeries, UnknownOpening, NotNamed) as error:
        return times_page(request, draft, chosen, problem=str(error), repeat=form, picked=opening, status=422)


def _answer(request: HttpRequest, draft: Draft, repeat: Repeat, chosen: list[Chosen]) -> HttpResponse:
    if request.POST.get("go") != "hold":
        return redirect(repeat.address(draft))
    found = _find(request, repeat, chosen)
    if any(one.clash for one in found.occurrences):
        held_before = _held_before(request, found, repeat, chosen)
        if held_before is not None:
            return redirect("desk:booking", reference=held_before.reference)
        return _page(request, draft, repeat, chosen, found=found, undecided=True, status=422)
    try:
        booking = hold_opening(request, found.opening.id, chosen)
    except Taken as taken:
        return _page(request, draft, repeat, chosen, taken=taken, status=409)
    return redirect("desk:booking", reference=booking.reference)


def _held_before(request: HttpRequest, found: Series, repeat: Repeat, chosen: list[Chosen]) -> Booking | None:
    """This user's booking of all these dates, if the form was sent twice; the dates then conflict with it."""
    pin = pin_of(repeat, found)
    clients = [one.client for one in chosen]
    return own_booking(pin=pin, clients=clients, by=actor_of(request), now=timezone.now()) if pin else None


def _find(request: HttpRequest, repeat: Repeat, chosen: list[Chosen]) -> Series:
    """Decide the dates of the series. Raises UnknownOpening, BadSeries, and Http404 for another desk's office."""
    first, now = describe(repeat.opening), timezone.now()
    desk_or_404(actor_of(request), first.location.slug)
    return series(
        opening=first,
        times=repeat.times,
        every_n_weeks=repeat.every,
        now=now,
        party=party_of([one.client.pk for one in chosen], first.service, now=now),
        waive_notice=True,
        skip=repeat.skip,
        move=repeat.move,
    )


def _page(
    request: HttpRequest,
    draft: Draft,
    repeat: Repeat,
    chosen: list[Chosen],
    *,
    found: Series | None = None,
    undecided: bool = False,
    taken: Taken | None = None,
    status: int = 200,
) -> HttpResponse:
    found = found or _find(request, repeat, chosen)
    note_shown(request, chosen, page="dates")
    place = found.opening.location
    lines = list(lines_of(found, repeat))
    left = [one for one in lines if one.clash]
    context: dict[str, Any] = {
        "area": "book",
        "draft": draft,
        "repeat": repeat,
        "chosen": chosen,
        "first": found.opening,
        "office": place,
        "summary": _summary(found, repeat),
        "lines": lines,
        "left": left,
        "taken": taken,
        "errors": undecided,
        "quote": _quote(found.opening, chosen),
    }
    return render(request, "desk/dates.html", context, status=status)


def _summary(found: Series, repeat: Repeat) -> str:
    """“Every week, 10 dates, with Robin Vale.”"""
    count = len(found.occurrences)
    values = {"every": every_line(repeat.every), "who": names_of(found.opening), "count": count}
    if repeat.times is None:
        return _("%(every)s, open-ended, with %(who)s. These %(count)d dates come first.") % values
    words = ngettext("%(every)s, %(count)d date, with %(who)s.", "%(every)s, %(count)d dates, with %(who)s.", count)
    return words % values


def _quote(opening: Opening, chosen: list[Chosen]) -> Quote | None:
    try:
        return quote(opening, client=chosen[0].client, now=timezone.now())
    except NotPriced:
        return None


def lines_of(found: Series, repeat: Repeat) -> Iterator[Line]:
    """All dates of the series in order, skipped dates included."""
    place = found.opening.location
    by_day: dict[date, Occurrence | None] = dict.fromkeys(repeat.skip) | {one.date: one for one in found.occurrences}
    before: date | None = None
    for day in sorted(by_day):
        yield _line(day, by_day[day], repeat.move.get(day), place, _clock_note(before, day, place))
        before = day


def _line(day: date, one: Occurrence | None, moved: datetime | None, place: Location, note: str) -> Line:
    start = one.starts_at if one else None
    return Line(
        name=name_of(day),
        words=long_date(day),
        clock=_clock_words(start, day, place) if start else "",
        clash=one.clash if one else "",
        skipped=one is None,
        note=note,
        options=_options(one, moved, place) if one and (one.clash or moved) else (),
    )


def _clock_words(start: datetime, day: date, place: Location) -> str:
    """“3:00 PM”; with the day if the date moved to another day."""
    return clock_at(start, place) if local_date(start, place.tzinfo) == day else moment_at(start, place)


def _options(one: Occurrence, moved: datetime | None, place: Location) -> list[Option]:
    starts = [*one.alternatives] if one.clash or moved is None else [moved]
    options = [
        Option(value_of(start), _("Move to %(when)s") % {"when": moment_at(start, place)}, start == moved)
        for start in starts
    ]
    if moved is not None:
        options.append(Option("", _("Back to the usual time"), False))
    return [*options, Option(SKIP, _("Leave this date out"), False)]


def _clock_note(before: date | None, day: date, place: Location) -> str:
    """Sentence at the first date after a clock change: the wall time stays (F25). Empty at other dates."""
    if before is None or _offset(before, place) == _offset(day, place):
        return ""
    return _("The clocks change before this date. The local time stays the same.")


def _offset(day: date, place: Location) -> Any:
    return datetime.combine(day, time(12), place.tzinfo).utcoffset()
