"""Load the snapshot on which openings are decided, in five queries, or six for a program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery, Value

from scheduling.availability import snapshot as core
from scheduling.availability.timegrid.grid import Span, Window
from scheduling.availability.timegrid.masks import hours_mask
from scheduling.availability.timegrid.travel import Travel
from scheduling.availability.timegrid.walltime import day_start
from scheduling.availability.timegrid.weekly_hours import WeeklyRule
from scheduling.models import Clinician, Location, LocationHours, Program, Room, Service, TravelTime
from scheduling.queries.loading.busy import PRACTICE, BusySpan, busy_spans, mask_of
from scheduling.queries.loading.clinicians import clinician_rows, core_clinician
from scheduling.queries.loading.externals import external_windows
from scheduling.queries.loading.json_row import json_row
from scheduling.queries.loading.prepared import Prepared, pk_among
from scheduling.queries.loading.presence import others_at

# Pads whole weeks, which spreading load evenly needs, by more than the longest buffer and travel time (F13).
PAD = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What to load: one service, and local start dates from `first` to `until` (exclusive).

    `days`: length of a program in days, its start date included. `location_ids`, `clinician_ids`: only these, or None
    for all. `client_ids`: known clients who attend. `apart`: client id -> the clients they must not meet.
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
    """A snapshot with the rows it was made from, by id, so that results can be named."""

    snapshot: core.Snapshot
    locations: Mapping[int, Location]
    clinicians: Mapping[int, Clinician] = field(default_factory=dict)
    rooms: Mapping[int, Room] = field(default_factory=dict)


def load(scope: Scope, *, now: datetime) -> Loaded:
    """Read all that decides openings in `scope`. `now` tells live holds from dead ones."""
    locations = {row.pk: row for row in _locations(scope)}
    rooms = {row.pk: row for row in Room.objects.filter(location__in=locations, is_active=True)}
    clinicians = {row.pk: row for row in clinician_rows(scope.service, scope.clinician_ids)}
    window = _window(scope, locations.values(), clinicians.values())
    service = scope.service
    windows = external_windows(service, window) if service.is_program else {}
    spans = busy_spans(window, [*clinicians, *rooms, *scope.client_ids, *windows], locations, now=now)
    snapshot = core.Snapshot(
        window=window,
        locations={pk: _location(row, window, spans) for pk, row in locations.items()},
        clinicians={
            pk: core_clinician(row, locations, service, window, spans[pk], spans[PRACTICE])
            for pk, row in clinicians.items()
        },
        rooms={pk: _room(row, window, spans[pk]) for pk, row in rooms.items()},
        travel=Travel({(a, b): m for a, b, m in TravelTime.objects.values_list("origin", "destination", "minutes")}),
        client_busy={pk: mask_of(window, spans[pk]) for pk in scope.client_ids},
        apart=others_at(scope.apart, window, now=now),
        externals={pk: core.External(pk, open_, mask_of(window, spans[pk])) for pk, open_ in windows.items()},
    )
    return Loaded(snapshot, locations, clinicians, rooms)


def _window(scope: Scope, locations: Iterable[Any], clinicians: Iterable[Any]) -> Window:
    # Rest: of two intensives the longer rest counts, so look as far around as any program asks for.
    around = timedelta(days=max((location.longest_rest or 0 for location in locations), default=0))
    zones = {location.tzinfo for location in locations} | {ZoneInfo(row.zone) for row in clinicians}
    # In the clinician's own zone the date may fall into the week before or after, and weekly limits count whole weeks.
    around += timedelta(days=len(zones) > 1)
    monday = scope.first - around
    monday -= timedelta(days=monday.weekday())
    last = scope.until + timedelta(days=scope.days - 1) + around
    sunday = last + timedelta(days=-last.weekday() % 7)
    zones = zones or {ZoneInfo("America/Chicago")}
    start = min(day_start(monday, zone) for zone in zones) - PAD
    end = max(day_start(sunday, zone) for zone in zones) + PAD
    return Window.covering(Span(start, end))


def _locations(scope: Scope) -> Iterable[Any]:
    values: dict[str, int | list[int]] = {"service": scope.service.pk}
    if scope.location_ids is not None:
        values["locations"] = sorted(scope.location_ids)
    return _PREPARED[scope.service.is_program].rows(**values)


def _location_rows(is_program: bool, service: int, locations: list[int] | None = None) -> QuerySet[Location]:
    hours = LocationHours.objects.filter(location=OuterRef("pk")).values(
        row=json_row("weekday", "starts_minute", "ends_minute")
    )
    rows = Location.objects.filter(services=service, is_active=True)
    if locations is not None:
        rows = rows.filter(pk_among(locations))
    rest = Program.objects.order_by("-rest_days").values("rest_days")[:1]
    longest = Subquery(rest) if is_program else Value(0)
    return rows.annotate(hour_rows=ArraySubquery(hours), longest_rest=longest).order_by("pk")


_PREPARED = {is_program: Prepared(partial(_location_rows, is_program)) for is_program in (False, True)}


def _location(row: Any, window: Window, spans: Mapping[int, list[BusySpan]]) -> core.Location:
    rules = tuple(WeeklyRule(*json.loads(hours)) for hours in row.hour_rows)
    closed = mask_of(window, spans[-row.pk])
    return core.Location(id=row.pk, zone=row.tzinfo, open=hours_mask(window, row.tzinfo, rules) & ~closed)


def _room(row: Room, window: Window, spans: list[BusySpan]) -> core.Room:
    return core.Room(
        id=row.pk,
        location_id=row.location_id,
        capacity=row.capacity,
        busy=mask_of(window, spans),
        features=frozenset(row.features),
    )
