"""Clinicians with all that says when and where they may work: rows, and what they are to the pure core."""

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

_ASSOCIATE = License.Kind.LPC_ASSOCIATE


def clinician_rows(service: Service, clinician_ids: Collection[int] | None) -> QuerySet[Clinician]:
    """Who may give `service`, of `clinician_ids` (None: of all), each with what belongs to them: one statement."""
    mine = {"clinician": OuterRef("pk")}
    rows = Clinician.objects.filter(is_active=True)
    if clinician_ids is not None:
        rows = rows.filter(pk__in=clinician_ids)
    rows = rows.filter(Q(roles__isnull=False) if service.is_program else Q(services=service))
    return (
        rows.distinct()
        .annotate(
            hour_rows=ArraySubquery(_hour_rows(mine)),
            break_rows=ArraySubquery(
                Break.objects.filter(**mine).values(row=json_row("starts_minute", "ends_minute", "minutes", "weekdays"))
            ),
            license_rows=ArraySubquery(_license_rows(mine)),
            service_ids=ArraySubquery(Clinician.services.through.objects.filter(**mine).values("service")),
            role_ids=ArraySubquery(Clinician.roles.through.objects.filter(**mine).values("programrole")),
            usual_room_ids=ArraySubquery(UsualRoom.objects.filter(**mine).order_by("pk").values("room")),
        )
        .order_by("pk")
    )


def _hour_rows(mine: Mapping[str, Any]) -> QuerySet[Any, Any]:
    limited = WorkingHours.services.through.objects.filter(workinghours=OuterRef("pk")).values("service")
    row = json_row(
        *("location", "weekday", "starts_minute", "ends_minute", "every_n_weeks"),
        *("anchor_on", "valid_from", "valid_until", ArraySubquery(limited)),
    )
    return WorkingHours.objects.filter(**mine).values(row=row)


def _license_rows(mine: Mapping[str, Any]) -> QuerySet[Any, Any]:
    # Beside each license until when its supervisor holds one of their own there: an associate's is worth no more, and
    # nothing once the supervisor has left.
    supervisor = {"clinician": OuterRef("supervisor"), "clinician__is_active": True}
    held = License.objects.filter(**supervisor, state=OuterRef("state")).exclude(kind=_ASSOCIATE)
    longest = held.values("state").values(longest=Max("expires_on"))
    return License.objects.filter(**mine).values(row=json_row("kind", "state", "expires_on", Subquery(longest)))


def core_clinician(
    row: Any,
    locations: Mapping[int, Location],
    service: Service,
    window: Window,
    spans: list[BusySpan],
    closed: list[BusySpan],
) -> core.Clinician:
    """A row of `clinician_rows` and what takes their time, as the pure core wants them. `closed`: when the whole
    practice is, and nobody works at home either."""
    hours, by_office = _hours(row, locations, service, window), masks_by_office(window, spans)
    if None in hours:
        hours[None] &= ~mask_of(window, closed)
    off, taken = by_office.pop(OFF, 0), union(by_office.values())
    # Their own zone, whichever offices were asked for: listing and deciding count the same days (F13).
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
    # Remembered by what the row says: hours are many, and seldom change.
    place, weekday, starts, ends, every_n_weeks, *dates, services = json.loads(text)
    anchor, valid_from, valid_until = map(_date, dates)
    limited_to = frozenset(services) or None
    return place, WeeklyRule(weekday, starts, ends, every_n_weeks, anchor, valid_from, valid_until, limited_to)


def _break(text: str) -> BreakRule:
    starts, ends, minutes, weekdays = json.loads(text)
    return BreakRule(starts, ends, minutes, frozenset(weekdays))


def _licensed(row: Any, locations: Mapping[int, Location], window: Window) -> dict[int, int] | None:
    """By location the cells up to the end of the last day, there, of any license for its state; a coach needs none."""
    if row.profession == Clinician.Profession.COACH:
        return None
    last = _last_days(row.license_rows)
    return {
        pk: _through(window, location.tzinfo, last[location.state])
        for pk, location in locations.items()
        if location.state in last
    }


def _last_days(licenses: Iterable[str]) -> dict[str, date]:
    # By state: the longest license counts, an associate's only as long as the supervisor's own.
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
