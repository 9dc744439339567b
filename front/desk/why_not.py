"""“Why not?” at the desk: obstacles of a date, and the smallest changes that open it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.queries.quotes import quotes
from front.actors import actor_of
from front.openings.times import Near, near
from front.templatetags.when import hours_span
from scheduling.availability.timegrid.walltime import local_date
from scheduling.formats import long_date
from scheduling.models import Location
from scheduling.permissions import desks_of
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.party import party_of
from scheduling.queries.openings.search import Search
from scheduling.queries.why_not.why_not import Change, Obstacle, WhyNot, why_not

from .book import Chosen, criteria_form, people_of, times_page
from .draft import Draft
from .forms import WhyNotForm
from .guard import desk_only
from .modes import given, not_given
from .people import note_shown

STRIP_DAYS, STRIP_BEFORE = 14, 3
SHOWN_OPENINGS = 6
FAR = timedelta(days=366 * 3)


@dataclass(frozen=True)
class Stretch:
    """A block or visit with its obstacles. `title`: empty for obstacles of the whole date."""

    title: str
    words: list[str]


@dataclass(frozen=True)
class Blocked:
    """One day with its blocks and their obstacles."""

    words: str
    stretches: list[Stretch]


@dataclass(frozen=True)
class StripDay:
    """A day near the date asked for. `count`: number of openings that start on it."""

    date: date
    count: int
    address: str


@dataclass(frozen=True)
class Opener:
    """A change. `near`: the opening it leads to, if this desk can book it without further changes."""

    change: Change
    near: Near | None


@require_safe
@desk_only
def why(request: HttpRequest) -> HttpResponse:
    """Obstacles of one date, by day and block, and the smallest changes that open it."""
    draft = Draft.of(request.GET)
    chosen, form = people_of(request, draft), criteria_form(request, draft)
    if not chosen or not form.is_bound or not form.is_valid():
        return redirect(draft.address)
    asked = WhyNotForm(request.GET)
    if asked.is_valid() and abs(asked.cleaned_data["on"] - timezone.now().date()) > FAR:
        asked.add_error("on", "Enter a date of the next three years")
    if asked.errors:
        return times_page(request, draft, chosen, why=asked, status=422)
    own_offices = set(desks_of(actor_of(request)))
    note_shown(request, chosen, page="why not")
    return render(request, "desk/why_not.html", _context(draft, form.cleaned_data, chosen, asked, own_offices))


def address_of(draft: Draft, on: date) -> str:
    """Address of “Why not?” for one date."""
    return f"{reverse('desk:why_not')}?{urlencode({**draft.filled, 'on': on.isoformat()})}"


def _context(
    draft: Draft, criteria: dict[str, Any], chosen: list[Chosen], asked: WhyNotForm, own_offices: set[Location]
) -> dict[str, Any]:
    now, service, office, on = timezone.now(), criteria["service"], criteria["office"], asked.cleaned_data["on"]
    search = Search(
        service=service,
        first=on,
        until=on + timedelta(days=1),
        now=now,
        location=office,
        clinician=criteria["who"],
        mode=given(service, criteria["mode"]),
        party=party_of([one.client.pk for one in chosen], service, now=now),
        waive_notice=True,
    )
    found = why_not(search)
    shown = found.openings[:SHOWN_OPENINGS]
    priced = quotes([*shown, *(one.opening for one in found.changes if one.opening)], now=now)
    return {
        "area": "book",
        "draft": draft,
        "form": asked,
        "chosen": chosen,
        "service": service,
        "office": office,
        "not_given": not_given(service, criteria["mode"]),
        "on": on,
        "words": long_date(on),
        "near": near(shown, priced),
        "all_times": draft.but(since=on.isoformat()).address,
        "more": len(found.openings) > SHOWN_OPENINGS,
        "blocked": blocked(found),
        "openers": _openers(found.changes, priced, own_offices),
        "strip": _strip(draft, search, office.tzinfo),
    }


def _openers(changes: Sequence[Change], priced: Any, own_offices: set[Location]) -> list[Opener]:
    # A change at another desk's office is named, but only that desk can hold it.
    return [
        Opener(one, near([one.opening], priced)[0] if one.opening and one.opening.location in own_offices else None)
        for one in changes
    ]


def _strip(draft: Draft, search: Search, zone: ZoneInfo) -> list[StripDay]:
    """Two weeks around the date asked for, from today on."""
    first = max(search.first - timedelta(days=STRIP_BEFORE), local_date(search.now, zone))
    found = openings(replace(search, first=first, until=first + timedelta(days=STRIP_DAYS))).openings
    counts = Counter(local_date(one.starts_at, zone) for one in found)
    days = [first + timedelta(days=number) for number in range(STRIP_DAYS)]
    return [StripDay(day, counts[day], address_of(draft, day)) for day in days]


def blocked(found: WhyNot) -> list[Blocked]:
    """Obstacles grouped by local date and then by block, in order of time."""
    place = found.location

    def day_of(one: Obstacle) -> date:
        return local_date(one.starts_at, place.tzinfo) if one.starts_at else found.date

    ordered = sorted(found.obstacles, key=lambda one: (day_of(one), one.starts_at.timestamp() if one.starts_at else 0))
    return [Blocked(long_date(day), _stretches(list(group), place)) for day, group in groupby(ordered, key=day_of)]


def _stretches(obstacles: list[Obstacle], place: Location) -> list[Stretch]:
    by_title: dict[str, list[str]] = {}
    for one in obstacles:
        by_title.setdefault(_title(one, place), []).append(one.words)
    return [Stretch(title, list(dict.fromkeys(words))) for title, words in by_title.items()]


def _title(one: Obstacle, place: Location) -> str:
    """“Session, 9:00 AM to 10:30 AM”."""
    hours = hours_span(one.starts_at, one.ends_at, place) if one.starts_at and one.ends_at else ""
    return ", ".join(part for part in (one.block, hours) if part)
