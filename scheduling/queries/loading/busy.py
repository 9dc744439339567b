"""Busy times of resources within a window, in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from scheduling.availability.timegrid.grid import Window

# ANY(bigint[]): btree_gist has no cross-type operators, so with int4 literals the exclusion index would serve `during`
# only. Each part repeats the window, because its size tells the planner how many rows to expect; an appointment lies
# within a buffer of its reservation. A dead hold reserves nothing (promise 5). Times are rounded outward to whole
# seconds, so that no span is empty. date_part, because the numeric of extract costs more than the joins (a float holds
# microseconds until 2100).
_SQL = """
SELECT r.resource_id,
       floor(date_part('epoch', lower(r.during)))::bigint, ceil(date_part('epoch', upper(r.during)))::bigint,
       coalesce(a.office_id, e.location_id),
       coalesce(date_part('epoch', upper(a.during) - lower(a.during))::bigint / 60, 0),
       coalesce(s.line = 'intensive', false), coalesce(p.rest_days, 0),
       coalesce(date_part('epoch', lower(a.during))::bigint, 0)
  FROM scheduling_reservation r
  LEFT JOIN scheduling_appointment a ON a.id = r.appointment_id
   AND a.during && tstzrange(%(start)s - interval '1 day', %(end)s + interval '1 day')
  LEFT JOIN scheduling_service s ON s.id = a.service_id
  LEFT JOIN scheduling_program p ON p.service_id = s.id
  LEFT JOIN scheduling_internalevent e ON e.id = r.internal_event_id
 WHERE r.released_at IS NULL AND (r.held_until IS NULL OR r.held_until > %(now)s)
   AND r.resource_id = ANY(%(resources)s::bigint[]) AND r.during && tstzrange(%(start)s, %(end)s)
UNION ALL
SELECT clinician_id, floor(date_part('epoch', lower(during)))::bigint, ceil(date_part('epoch', upper(during)))::bigint,
       -1, 0, false, 0, 0
  FROM scheduling_timeoff
 WHERE clinician_id = ANY(%(resources)s::bigint[]) AND during && tstzrange(%(start)s, %(end)s)
UNION ALL
SELECT clinician_id, floor(date_part('epoch', lower(during)))::bigint, ceil(date_part('epoch', upper(during)))::bigint,
       NULL, 0, false, 0, 0
  FROM scheduling_busytime
 WHERE clinician_id = ANY(%(resources)s::bigint[]) AND during && tstzrange(%(start)s, %(end)s)
UNION ALL
SELECT coalesce(room_id, -location_id, 0), floor(date_part('epoch', lower(during)))::bigint,
       ceil(date_part('epoch', upper(during)))::bigint, NULL, 0, false, 0, 0
  FROM scheduling_closure
 WHERE during && tstzrange(%(start)s, %(end)s)
"""


# Columns: resource id; start and end in seconds since 1970 UTC; office where the resource is (OFF: on time off);
# minutes of the appointment without buffers; whether it belongs to an intensive; days of rest that it asks for; the
# appointment's own start. Plain tuples, because there are thousands.
BusySpan = tuple[int, int, int, int | None, int, bool, int, int]
_ENDS, _OFFICE = itemgetter(1, 2), itemgetter(3)
OFF = -1
PRACTICE = 0


def busy_spans(
    window: Window, resource_ids: Collection[int], location_ids: Iterable[int], *, now: datetime
) -> defaultdict[int, list[BusySpan]]:
    """Busy spans by resource id. Closures of an office are under its negative id.

    Closures of the whole practice are under PRACTICE, and under the negative id of each of `location_ids`.
    """
    found: defaultdict[int, list[BusySpan]] = defaultdict(list)
    arguments: dict[str, Any] = {"start": window.start, "end": window.end, "now": now, "resources": list(resource_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, arguments)
        for span in cursor.fetchall():
            found[span[0]].append(span)
    for location_id in location_ids if PRACTICE in found else ():
        found[-location_id] += found[PRACTICE]
    return found


def by_day(spans: Iterable[BusySpan], zone: ZoneInfo) -> tuple[dict[date, int], dict[date, int], dict[date, int]]:
    """Three mappings by local date: minutes booked, minutes of intensives among them, days of rest these ask for."""
    booked: dict[date, int] = defaultdict(int)
    intensive: dict[date, int] = defaultdict(int)
    rests: dict[date, int] = {}
    for _, _, _, _, minutes, is_intensive, rest_days, start in spans:
        if minutes:
            day = _date_at(start, zone)
            booked[day] += minutes
            if is_intensive:
                intensive[day] += minutes
                rests[day] = max(rests.get(day, 0), rest_days)
    return booked, intensive, rests


@lru_cache(maxsize=16384)
def _date_at(seconds: int, zone: ZoneInfo) -> date:
    # Cached, because clinicians often start at the same times.
    return datetime.fromtimestamp(seconds, zone).date()


def mask_of(window: Window, spans: Iterable[BusySpan]) -> int:
    """Mask of the cells that `spans` touch."""
    return window.outward_seconds(map(_ENDS, spans))


def masks_by_office(window: Window, spans: Iterable[BusySpan]) -> dict[int | None, int]:
    """`mask_of` by the office where the resource is; None for no office, OFF for time off."""
    by_office: dict[int | None, list[BusySpan]] = defaultdict(list)
    for span in spans:
        by_office[_OFFICE(span)].append(span)
    return {office: mask_of(window, spans) for office, spans in by_office.items()}
