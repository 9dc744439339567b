"""Load clinicians with their hours, breaks, licenses, services and roles, and convert them for the pure core."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from scheduling.availability import snapshot as core
from scheduling.availability.rules.breaks import BreakRule, breaks_in
from scheduling.availability.timegrid.grid import Window, union
from scheduling.availability.timegrid.masks import between_mask, hours_mask
from scheduling.availability.timegrid.walltime import day_start
from scheduling.availability.timegrid.weekly_hours import WeeklyRule
from scheduling.models import Break, Clinician, License, Location, Service, UsualRoom, WorkingHours
from scheduling.queries.loading.busy import OFF, BusySpan, by_day, mask_of, masks_by_office
from scheduling.queries.loading.json_row import json_row
from scheduling.queries.loading.prepared import Prepared, pk_among

_ASSOCIATE = License.Kind.LPC_ASSOCIATE


def clinician_rows(service: Service, clinician_ids: Collection[int] | None) -> Iterable[Clinician]:
    """Active clinicians who may give `service`, with all their rules, in one statement.

    `clinician_ids`: only these; None for all. For a program, every clinician with a role.
    """
    values: dict[str, int | list[int]] = {} if service.is_program else {"service": service.pk}
    if clinician_ids is not None:
        values["clinicians"] = sorted(clinician_ids)
    return _PREPARED.rows(**values)


def _clinicians(service: int | None = None, clinicians: list[int] | None = None) -> QuerySet[Clinician]:
    own = {"clinician": OuterRef("pk")}
    rows = Clinician.objects.filter(is_active=True)
    if clinicians is not None:
        rows = rows.filter(pk_among(clinicians))
    rows = rows.filter(Q(roles__isnull=False) if service is None else Q(services=service))
    return (
        rows.distinct()
        .annotate(
            hour_rows=ArraySubquery(_hour_rows(own)),
            break_rows=ArraySubquery(
                Break.objects.filter(**own).values(row=json_row("starts_minute", "ends_minute", "minutes", "weekdays"))
            ),
            license_rows=ArraySubquery(_license_rows(own)),
            service_ids=ArraySubquery(Clinician.services.through.objects.filter(**own).values("service")),
            role_ids=ArraySubquery(Clinician.roles.through.objects.filter(**own).values("programrole")),
            usual_room_ids=ArraySubquery(UsualRoom.objects.filter(**own).order_by("pk").values("room")),
        )
        .order_by("pk")
    )


_PREPARED = Prepared(_clinicians)


def _hour_rows(own: Mapping[str, Any]) -> QuerySet[Any, Any]:
    limited = WorkingHours.services.through.objects.filter(workinghours=OuterRef("pk")).values("service")
    row = json_row(
        *("location", "weekday", "starts_minute", "ends_minute", "every_n_weeks"),
        *("anchor_on", "valid_from", "valid_until", ArraySubquery(limited)),
    )
    return WorkingHours.objects.filter(**own).values(row=row)


def _license_rows(own: Mapping[str, Any]) -> QuerySet[Any, Any]:
    # Each license comes with the last day of its supervisor's own license in that state. An associate's license ends
    # with it, and is worth nothing once the supervisor has left.
    supervisor = {"clinician": OuterRef("supervisor"), "clinician__is_active": True}
    held = License.objects.filter(**supervisor, state=OuterRef("state")).exclude(kind=_ASSOCIATE)
    longest = held.values("state").values(longest=Max("expires_on"))
    return License.objects.filter(**own).values(row=json_row("kind", "state", "expires_on", Subquery(longest)))


def core_clinician(
    row: Any,
    locations: Mapping[int, Location],
    service: Service,
    window: Window,
    spans: list[BusySpan],
    closed: list[BusySpan],
) -> core.Clinician:
    """Convert a row of `clinician_rows` and its busy spans for the pure core.

    `closed`: closures of the whole practice, which end work from home too.
    """
    hours, by_office = _hours(row, locations, service, window), masks_by_office(window, spans)
    if None in hours:
        hours[None] &= ~mask_of(window, closed)
    off, taken = by_office.pop(OFF, 0), union(by_office.values())
    # The clinician's own zone, not the offices': listing and deciding must count the same days (F13).
    zone = ZoneInfo(row.zone)
    booked, intensive, rests = by_day(spans, zone)
    return core.Clinician(
        id=row.pk,
        base_location_id=row.base_location_id,
        hours=hours,
        busy=taken | off,
        off=off & ~taken,
        zone=zone,
        located={office: mask for office, mask in by_office.items() if office is not None},
        services=frozenset(row.service_ids),
        roles=frozenset(row.role_ids),
        level=row.level,
        licensed=_licensed(row, locations, window),
        usual_room_ids=tuple(row.usual_room_ids),
        booked=booked,
        intensive=intensive,
        rests=rests,
        breaks=breaks_in(window, zone, tuple(_break(rule) for rule in row.break_rows)),
        daily_limit=row.daily_minutes_cap,
        weekly_limit=row.weekly_minutes_cap,
        intensive_daily_limit=row.intensive_minutes_cap,
    )


def _hours(row: Any, locations: Mapping[int, Location], service: Service, window: Window) -> dict[int | None, int]:
    by_place: dict[int | None, list[WeeklyRule]] = defaultdict(list)
    for place, rule in map(_placed_rule, row.hour_rows):
        if place is None or place in locations:
            by_place[place].append(rule)
    found: dict[int | None, int] = {}
    for place, rules in by_place.items():
        zone = ZoneInfo(row.zone) if place is None else locations[place].tzinfo
        found[place] = hours_mask(window, zone, tuple(rules), service.pk)
    return found


@lru_cache(maxsize=16384)
def _placed_rule(text: str) -> tuple[int | None, WeeklyRule]:
    # Cached by the row's text, because there are many hours and they seldom change.
    place, weekday, starts, ends, every_n_weeks, *dates, services = json.loads(text)
    anchor, valid_from, valid_until = map(_date, dates)
    limited_to = frozenset(services) or None
    return place, WeeklyRule(weekday, starts, ends, every_n_weeks, anchor, valid_from, valid_until, limited_to)


def _break(text: str) -> BreakRule:
    starts, ends, minutes, weekdays = json.loads(text)
    return BreakRule(starts, ends, minutes, frozenset(weekdays))


def _licensed(row: Any, locations: Mapping[int, Location], window: Window) -> dict[int, int] | None:
    """By location, the cells up to the end of the last day of a license for its state. None for a coach: no limit."""
    if row.profession == Clinician.Profession.COACH:
        return None
    last = _last_days(row.license_rows)
    return {
        pk: _through(window, location.tzinfo, last[location.state])
        for pk, location in locations.items()
        if location.state in last
    }


def _last_days(licenses: Iterable[str]) -> dict[str, date]:
    # By state. The longest license counts; an associate's ends with the supervisor's own.
    last: dict[str, date] = {}
    for kind, state, expires_on, supervised_until in map(json.loads, licenses):
        ends = [expires_on, supervised_until] if kind == _ASSOCIATE else [expires_on]
        if all(ends):
            valid = min(date.fromisoformat(end) for end in ends)
            last[state] = max(valid, last.get(state, valid))
    return last


@lru_cache(maxsize=256)
def _through(window: Window, zone: ZoneInfo, last: date) -> int:
    far = window.end.date() + timedelta(days=2)
    return between_mask(window, window.start, day_start(min(last, far) + timedelta(days=1), zone))


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
