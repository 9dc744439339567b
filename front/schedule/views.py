"""A clinician's own day and week, with initials, place and room but no prices; and the private calendar address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from front.actors import actor_of
from front.dates import day_or_404
from scheduling.availability.timegrid.walltime import local_date
from scheduling.formats import long_date
from scheduling.models import Clinician, FeedToken
from scheduling.operations.access_log import note_looks
from scheduling.operations.links.feeds import reset_feed, revoke_feed
from scheduling.permissions import has_a_schedule
from scheduling.queries.calendars.day_list import Row
from scheduling.queries.calendars.schedule import clinician_of, led_by, live_feed, next_start

View = Callable[..., HttpResponse]
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class ScheduleDay:
    """A local date with its rows."""

    date: date
    rows: list[Row]
    is_today: bool

    @property
    def words(self) -> str:
        return long_date(self.date)


def clinicians_only(view: View) -> View:
    """Limit a view to clinicians and the owner. Strangers are asked to sign in; all others get a 404."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_a_schedule(actor_of(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@clinicians_only
def today(request: HttpRequest) -> HttpResponse:
    """Appointments of today, with the next one on top."""
    actor, now = actor_of(request), timezone.now()
    clinician = clinician_of(actor)
    if clinician is None:
        return render(request, "schedule/nobody.html", {"area": "schedule"})
    on = local_date(now, ZoneInfo(clinician.zone))
    rows = led_by(clinician=clinician, actor=actor, first=on, until=on + timedelta(days=1), now=now)
    ahead = [row for row in rows if row.ends_at > now]
    _note(request, rows, now)
    context = _frame(clinician, on) | {
        "on": on,
        "words": long_date(on),
        "now": now,
        "next": ahead[0] if ahead else None,
        "is_running": bool(ahead) and ahead[0].starts_at <= now,
        "later": ahead[1:],
        "over": [row for row in rows if row.ends_at <= now],
        "next_start": None if ahead else next_start(clinician=clinician, actor=actor, after=now, now=now),
    }
    return render(request, "schedule/today.html", context)


@require_safe
@clinicians_only
def week(request: HttpRequest, day: str) -> HttpResponse:
    """Appointments of the week of a date, from Monday."""
    actor, now = actor_of(request), timezone.now()
    clinician = clinician_of(actor)
    if clinician is None:
        return render(request, "schedule/nobody.html", {"area": "schedule"})
    on = day_or_404(day)
    monday = on - timedelta(days=on.weekday())
    rows = led_by(clinician=clinician, actor=actor, first=monday, until=monday + WEEK, now=now)
    _note(request, rows, now)
    zone = ZoneInfo(clinician.zone)
    context = _frame(clinician, local_date(now, zone)) | {
        "monday": monday,
        "sunday": monday + WEEK - timedelta(days=1),
        "before": monday - WEEK,
        "after": monday + WEEK,
        "days": _days(rows, monday, zone, local_date(now, zone)),
    }
    return render(request, "schedule/week.html", context)


def _days(rows: list[Row], monday: date, zone: ZoneInfo, today: date) -> list[ScheduleDay]:
    """Days of the week: Monday to Friday, and Saturday and Sunday if they have appointments."""
    booked = {day: list(group) for day, group in groupby(rows, key=lambda row: local_date(row.starts_at, zone))}
    dates = [monday + timedelta(days=offset) for offset in range(7)]
    return [ScheduleDay(day, booked.get(day, []), day == today) for day in dates if day.weekday() < 5 or day in booked]


def _frame(clinician: Clinician, today: date) -> dict[str, Any]:
    return {"area": "schedule", "clinician": clinician, "today": today}


def _note(request: HttpRequest, rows: list[Row], now: datetime) -> None:
    seen = [person.client.pk for row in rows for person in row.visitors if person.client]
    if seen:
        note_looks(client_ids=seen, page="schedule", by=actor_of(request), now=now)


@require_http_methods(["GET", "HEAD", "POST"])
@clinicians_only
def feed(request: HttpRequest) -> HttpResponse:
    """Show the private calendar address (GET), or make a new one, which is shown once (POST)."""
    actor = actor_of(request)
    context: dict[str, Any] = {"area": "schedule", "feed": live_feed(actor), "details": FeedToken.Detail.choices}
    if request.method == "POST":
        detail = request.POST.get("detail", "")
        if detail not in FeedToken.Detail.values:
            context["errors"] = True
            return render(request, "schedule/feed.html", context, status=422)
        secret = reset_feed(by=actor, detail=detail, now=timezone.now())
        context |= {"feed": live_feed(actor), "address": f"{settings.BASE_URL}{reverse('feed', args=[secret])}"}
    return render(request, "schedule/feed.html", context)


@require_POST
@clinicians_only
def feed_end(request: HttpRequest) -> HttpResponse:
    """Revoke the private calendar address."""
    revoke_feed(by=actor_of(request), now=timezone.now())
    return redirect("schedule:feed")
