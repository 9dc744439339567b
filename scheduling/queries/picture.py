"""Loading the snapshot that openings are decided on: five queries, six for a program, whatever it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, JSONField, OuterRef, Q, QuerySet, Subquery, Value

from scheduling.availability import picture as core
from scheduling.availability.breaks import BreakRule, breaks_in
from scheduling.availability.free import hours_mask, open_mask
from scheduling.availability.grid import Span, Window
from scheduling.availability.hours import WeeklyRule
from scheduling.availability.travel import Travel
from scheduling.availability.walltime import day_start
from scheduling.models import (
    Break,
    Clinician,
    License,
    Location,
    LocationHours,
    Program,
    Room,
    Service,
    TravelTime,
    UsualRoom,
    WorkingHours,
)

from .externals import external_windows
from .presence import others_at
from .spans import BusySpan, busy_spans, by_day

# The window reaches over whole weeks (fair spread counts them) and past the longest buffer and journey (F13).
PAD = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What to load: one service, local start dates `first` to `until` (exclusive), maybe fewer places and people.

    `days`: how many days a program runs on from its start date. `client_ids`: known clients who attend;
    `apart`: whom each of them must not meet.
    """

    service: Service
    first: date
    until: date
    days: int = 1
    location_ids: frozenset[int] | None = None
    clinician_ids: frozenset[int] | None = None
    client_ids: tuple[int, ...] = ()
    apart: Mapping[int, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Loaded:
    """The picture, with the rows that pages need to name what they show."""

    picture: core.Picture
    locations: Mapping[int, Location]
    clinicians: Mapping[int, Clinician] = field(default_factory=dict)
    rooms: Mapping[int, Room] = field(default_factory=dict)


def load(scope: Scope, *, now: datetime) -> Loaded:
    """Read everything that decides about `scope`, as of `now` (which tells live holds from dead ones)."""
    locations = {row.pk: row for row in _locations(scope)}
    rooms = {row.pk: row for row in Room.objects.filter(location__in=locations, is_active=True)}
    clinicians = {row.pk: row for row in _clinicians(scope)}
    window = _window(scope, locations.values())
    windows = external_windows(scope.service, window) if scope.service.is_program else {}
    spans = busy_spans(window, [*clinicians, *rooms, *scope.client_ids, *windows], locations, now=now)
    picture = core.Picture(
        window=window,
        locations={pk: _location(row, window, spans) for pk, row in locations.items()},
        clinicians={pk: _clinician(row, locations, scope, window, spans[pk]) for pk, row in clinicians.items()},
        rooms={pk: _room(row, window, spans[pk]) for pk, row in rooms.items()},
        travel=Travel({(a, b): m for a, b, m in TravelTime.objects.values_list("origin", "destination", "minutes")}),
        client_busy={pk: _mask(window, spans[pk]) for pk in scope.client_ids},
        apart=others_at(scope.apart, window, now=now),
        externals={pk: core.External(pk, open_, _mask(window, spans[pk])) for pk, open_ in windows.items()},
    )
    return Loaded(picture, locations, clinicians, rooms)


def _window(scope: Scope, locations: Iterable[Any]) -> Window:
    # Around a program as many days as any intensive asks to rest: of two, the one that asks for more decides.
    rest = timedelta(days=max((location.longest_rest or 0 for location in locations), default=0))
    monday = scope.first - rest
    monday -= timedelta(days=monday.weekday())
    last = scope.until + timedelta(days=scope.days - 1) + rest
    sunday = last + timedelta(days=-last.weekday() % 7)
    zones = {location.tzinfo for location in locations} or {ZoneInfo("America/Chicago")}
    start = min(day_start(monday, zone) for zone in zones) - PAD
    end = max(day_start(sunday, zone) for zone in zones) + PAD
    return Window.covering(Span(start, end))


# --- rows, with what belongs to them as JSON, so that one query brings all ---------------------------------


def _rows(**fields: Any) -> Func:
    pairs: list[Any] = []
    for name, expression in fields.items():
        pairs += [Value(name), expression]
    return Func(*pairs, function="jsonb_build_object", output_field=JSONField())


def _locations(scope: Scope) -> QuerySet[Location]:
    hours = LocationHours.objects.filter(location=OuterRef("pk")).values(
        row=_rows(weekday=F("weekday"), starts_minute=F("starts_minute"), ends_minute=F("ends_minute"))
    )
    rows = Location.objects.filter(services=scope.service, is_active=True)
    if scope.location_ids is not None:
        rows = rows.filter(pk__in=scope.location_ids)
    rest = Program.objects.order_by("-rest_days").values("rest_days")[:1]
    longest = Subquery(rest) if scope.service.is_program else Value(0)
    return rows.annotate(hour_rows=ArraySubquery(hours), longest_rest=longest).order_by("pk")


def _clinicians(scope: Scope) -> QuerySet[Clinician]:
    through = Clinician.services.through.objects
    limited = WorkingHours.services.through.objects.filter(workinghours=OuterRef("pk")).values("service")
    mine = {"clinician": OuterRef("pk")}
    hours = WorkingHours.objects.filter(**mine).values(
        row=_rows(
            **{name: F(name) for name in ("location", "weekday", "starts_minute", "ends_minute", "every_n_weeks")},
            **{name: F(name) for name in ("anchor_on", "valid_from", "valid_until")},
            services=ArraySubquery(limited),
        )
    )
    breaks = Break.objects.filter(**mine).values(
        row=_rows(**{name: F(name) for name in ("starts_minute", "ends_minute", "minutes", "weekdays")})
    )
    rows = Clinician.objects.filter(is_active=True)
    if scope.clinician_ids is not None:
        rows = rows.filter(pk__in=scope.clinician_ids)
    rows = rows.filter(Q(roles__isnull=False) if scope.service.is_program else Q(services=scope.service))
    return (
        rows.distinct()
        .annotate(
            hour_rows=ArraySubquery(hours),
            break_rows=ArraySubquery(breaks),
            service_ids=ArraySubquery(through.filter(**mine).values("service")),
            role_ids=ArraySubquery(Clinician.roles.through.objects.filter(**mine).values("programrole")),
            license_ends=ArraySubquery(License.objects.filter(**mine).values("expires_on")),
            usual_room_ids=ArraySubquery(UsualRoom.objects.filter(**mine).order_by("pk").values("room")),
        )
        .order_by("pk")
    )


# --- rows to the pure core's words -------------------------------------------------------------------------


def _location(row: Any, window: Window, spans: Mapping[int, list[BusySpan]]) -> core.Location:
    rules = tuple(WeeklyRule(h["weekday"], h["starts_minute"], h["ends_minute"]) for h in row.hour_rows)
    closures = [span.as_span() for span in spans[-row.pk]]
    return core.Location(id=row.pk, zone=row.tzinfo, open=open_mask(window, row.tzinfo, rules, closures))


def _room(row: Room, window: Window, spans: list[BusySpan]) -> core.Room:
    return core.Room(
        id=row.pk,
        location_id=row.location_id,
        capacity=row.capacity,
        busy=_mask(window, spans),
        features=frozenset(row.features),
    )


def _clinician(
    row: Any, locations: Mapping[int, Location], scope: Scope, window: Window, spans: list[BusySpan]
) -> core.Clinician:
    located: dict[int, list[BusySpan]] = defaultdict(list)
    for span in spans:
        if span.office_id is not None:
            located[span.office_id].append(span)
    # Their own zone, whichever offices were asked for: listing and deciding count the same days (F13).
    booked, intensive, rests = by_day(spans, ZoneInfo(row.zone))
    return core.Clinician(
        id=row.pk,
        base_location_id=row.base_location_id,
        hours=_hours(row, locations, scope, window),
        busy=_mask(window, spans),
        located={place: _mask(window, there) for place, there in located.items()},
        services=frozenset(row.service_ids),
        roles=frozenset(row.role_ids),
        level=row.level,
        licensed=_licensed(row, window),
        usual_room_ids=tuple(row.usual_room_ids),
        booked=booked,
        intensive=intensive,
        rests=rests,
        breaks=breaks_in(window, ZoneInfo(row.zone), tuple(_break(rule) for rule in row.break_rows)),
        daily_limit=row.daily_minutes_cap,
        weekly_limit=row.weekly_minutes_cap,
    )


def _hours(row: Any, locations: Mapping[int, Location], scope: Scope, window: Window) -> dict[int | None, int]:
    by_place: dict[int | None, list[WeeklyRule]] = defaultdict(list)
    for hours in row.hour_rows:
        if hours["location"] is None or hours["location"] in locations:
            by_place[hours["location"]].append(_rule(hours))
    found: dict[int | None, int] = {}
    for place, rules in by_place.items():
        zone = ZoneInfo(row.zone) if place is None else locations[place].tzinfo
        found[place] = hours_mask(window, zone, tuple(rules), scope.service.pk)
    return found


def _break(rule: Mapping[str, Any]) -> BreakRule:
    return BreakRule(rule["starts_minute"], rule["ends_minute"], rule["minutes"], frozenset(rule["weekdays"]))


def _rule(hours: Mapping[str, Any]) -> WeeklyRule:
    return WeeklyRule(
        weekday=hours["weekday"],
        starts_minute=hours["starts_minute"],
        ends_minute=hours["ends_minute"],
        every_n_weeks=hours["every_n_weeks"],
        anchor=_date(hours["anchor_on"]),
        valid_from=_date(hours["valid_from"]),
        valid_until=_date(hours["valid_until"]),
        services=frozenset(hours["services"]) or None,
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _licensed(row: Any, window: Window) -> int | None:
    """The cells before the end of the last day of any license, in the clinician's zone; a coach needs none."""
    if row.profession == Clinician.Profession.COACH:
        return None
    if not row.license_ends:
        return 0
    end = day_start(max(row.license_ends) + timedelta(days=1), ZoneInfo(row.zone))
    return window.inward([Span(window.start, end)]) if end > window.start else 0


def _mask(window: Window, spans: Iterable[BusySpan]) -> int:
    return window.outward_seconds((span.start, span.end) for span in spans)
