"""The day list of an office: the desk's first page, which is also printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from backend.accounts.actor import Actor
from backend.worklist.models import WorkItem
from backend.worklist.operations import resolve
from front.accounts.coming_back import comes_back_to
from front.actors import actor_of
from front.dates import day_or_404
from scheduling.availability.timegrid.walltime import local_date
from scheduling.formats import long_date
from scheduling.models import Booking, Cohort, Location
from scheduling.operations.access_log import note_looks
from scheduling.permissions import desks_of
from scheduling.queries.calendars.day_list import Row, day, open_items

from .guard import desk_only, desk_or_404
from .money import Account, Badge, accounts
from .patterns import mark, places_of
from .words import Sign, signs_of


@dataclass(frozen=True)
class Line:
    """A row with its statuses and money badges. `mark`: what it is part of, for example a series."""

    row: Row
    signs: list[Sign]
    badges: list[Badge]
    mark: str


@require_safe
@desk_only
def today(request: HttpRequest) -> HttpResponse:
    """Redirect to today at the user's first office."""
    office = desks_of(actor_of(request)).first()
    if office is None:
        return render(request, "desk/no_office.html", {"area": "day"})
    return _to_today(office)


@require_safe
@desk_only
def today_at(request: HttpRequest, location: str) -> HttpResponse:
    """Redirect to today at one office."""
    return _to_today(desk_or_404(actor_of(request), location))


def _to_today(office: Location) -> HttpResponse:
    on = local_date(timezone.now(), office.tzinfo)
    return redirect("desk:day", location=office.slug, day=on.isoformat())


@require_safe
@desk_only
def day_list(request: HttpRequest, location: str, day: str) -> HttpResponse:
    """Appointments of one local date at one office, in order of time."""
    actor, now = actor_of(request), timezone.now()
    office, on = desk_or_404(actor, location), day_or_404(day)
    return render(request, "desk/day.html", _context(request, actor, office, on, now))


def _context(request: HttpRequest, actor: Actor, office: Location, on: date, now: Any) -> dict[str, Any]:
    lines = _lines(day(actor=actor, location=office, on=on, now=now))
    shows_names = request.GET.get("names") != "no"
    seen = [person.client.pk for line in lines for person in line.row.visitors if person.client]
    if seen and shows_names:
        note_looks(client_ids=seen, page="day list", by=actor, now=now)
    return {
        "area": "day",
        "office": office,
        "offices": list(desks_of(actor)),
        "on": on,
        "words": long_date(on),
        "is_today": on == local_date(now, office.tzinfo),
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "lines": lines,
        "items": _items(office),
        "names": shows_names,
        "now": now,
    }


def _lines(rows: list[Row]) -> list[Line]:
    bookings = {booking.pk: booking for row in rows for booking in row.bookings}
    money, places = accounts(bookings), places_of(bookings.values())
    return [Line(row, signs_of(row), _badges(row, money), mark(row.bookings, row.appointment, places)) for row in rows]


def _items(office: Location) -> list[WorkItem]:
    """Open work items, each with `link`: the address of the page that it is about."""
    items = open_items(location=office)
    ids: dict[str, list[str]] = {}
    for item in items:
        ids.setdefault(item.subject, []).append(item.subject_id)
    references = _by_id(Booking.objects.filter(pk__in=ids.get("booking", [])), "reference")
    meetings = _by_id(Cohort.objects.filter(pk__in=ids.get("cohort", [])), Min("appointments__during__startswith"))
    for item in items:
        item.link = _link(item, office, references, meetings)  # type: ignore[attr-defined]
    return items


def _by_id(rows: QuerySet[Any, Any], column: Any) -> dict[str, Any]:
    return {str(pk): value for pk, value in rows.values_list("pk", column)}


def _link(item: WorkItem, office: Location, references: dict[str, str], meetings: dict[str, datetime]) -> str:
    """Address of the booking or appointment; of the day for an event; of the first meeting's day for a cohort."""
    about = item.subject_id
    if item.subject == "booking" and about in references:
        return reverse("desk:booking", args=[references[about]])
    if item.subject == "appointment":
        return reverse("desk:appointment", args=[about])
    if item.subject == "day":
        return reverse("desk:day", args=[office.slug, about])
    if item.subject == "cohort" and about in meetings:
        return reverse("desk:day", args=[office.slug, local_date(meetings[about], office.tzinfo).isoformat()])
    return ""


def _badges(row: Row, money: dict[int, Account]) -> list[Badge]:
    return list(dict.fromkeys(money[one.pk].badge for one in row.bookings if one.pk in money))


@require_POST
@desk_only
@comes_back_to(lambda request, item_id: reverse("desk:today"))
def item_done(request: HttpRequest, item_id: int) -> HttpResponse:
    """Resolve a work item of an office of this desk, with a note."""
    actor = actor_of(request)
    office = desks_of(actor).filter(pk__in=WorkItem.objects.filter(pk=item_id).values("location_id")).first()
    if office is None:
        raise Http404
    note = " ".join(request.POST.get("note", "").split())[:300] or "done"
    resolve(item=WorkItem.objects.get(pk=item_id), resolution=note, by=actor, now=timezone.now())
    return _to_today(office)
