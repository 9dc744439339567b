"""Everything that takes time of a resource within a window, in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from scheduling.availability.grid import Span, Window

# ANY(bigint[]) and not a literal: btree_gist has no cross-type operators, and an int4 literal would leave the
# exclusion index used for `during` alone. The window is spelled out in each part: its size tells the planner how many
# rows to expect, also of the appointments, which lie within a buffer of what they reserve. A hold past its deadline
# is nobody's time (promise 5). Outward to whole seconds, so none is empty; date_part and not extract, whose numeric
# costs more than the joins (a float holds microseconds until 2100).
_SQL = """
SELECT r.resource_id,
       floor(date_part('epoch', lower(r.during)))::bigint, ceil(date_part('epoch', upper(r.during)))::bigint,
       coalesce(a.office_id, e.location_id),
       coalesce(date_part('epoch', upper(a.during) - lower(a.during))::bigint / 60, 0),
       coalesce(s.line = 'intensive', false), coalesce(p.rest_days, 0)
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
       NULL, 0, false, 0
  FROM scheduling_timeoff
 WHERE clinician_id = ANY(%(resources)s::bigint[]) AND during && tstzrange(%(start)s, %(end)s)
UNION ALL
SELECT clinician_id, floor(date_part('epoch', lower(during)))::bigint, ceil(date_part('epoch', upper(during)))::bigint,
       NULL, 0, false, 0
  FROM scheduling_busytime
 WHERE clinician_id = ANY(%(resources)s::bigint[]) AND during && tstzrange(%(start)s, %(end)s)
UNION ALL
SELECT coalesce(room_id, -location_id, 0), floor(date_part('epoch', lower(during)))::bigint,
       ceil(date_part('epoch', upper(during)))::bigint, NULL, 0, false, 0
  FROM scheduling_closure
 WHERE during && tstzrange(%(start)s, %(end)s)
"""


_ENDS = itemgetter(1, 2)


class BusySpan(NamedTuple):
    """Seconds since 1970 UTC; `office_id`: where the resource then is; `minutes` of the appointment without buffers.

    `rest_days`: what an intensive asks for around it. The columns of the statement, in order.
    """

    resource_id: int
    start: int
    end: int
    office_id: int | None
    minutes: int
    is_intensive: bool
    rest_days: int

    def as_span(self) -> Span:
        return Span(datetime.fromtimestamp(self.start, UTC), datetime.fromtimestamp(self.end, UTC))


def busy_spans(
    window: Window, resource_ids: Collection[int], location_ids: Iterable[int], *, now: datetime
) -> defaultdict[int, list[BusySpan]]:
    """By resource id; closures of an office under its negative id, of the whole practice under every office's."""
    found: defaultdict[int, list[BusySpan]] = defaultdict(list)
    arguments: dict[str, Any] = {"start": window.start, "end": window.end, "now": now, "resources": list(resource_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, arguments)
        for span in map(BusySpan._make, cursor.fetchall()):
            found[span.resource_id].append(span)
    for location_id in location_ids if 0 in found else ():
        found[-location_id] += found[0]
    return found


def by_day(spans: Iterable[BusySpan], zone: ZoneInfo) -> tuple[dict[date, int], dict[date, int], dict[date, int]]:
    """By local date: minutes booked, minutes of intensives among them, and the days of rest that these ask for."""
    booked: dict[date, int] = defaultdict(int)
    intensive: dict[date, int] = defaultdict(int)
    rests: dict[date, int] = {}
    for span in spans:
        if span.minutes:
            day = datetime.fromtimestamp(span.start, zone).date()
            booked[day] += span.minutes
            if span.is_intensive:
                intensive[day] += span.minutes
                rests[day] = max(rests.get(day, 0), span.rest_days)
    return booked, intensive, rests


def mask_of(window: Window, spans: Iterable[BusySpan]) -> int:
    """The cells that `spans` touch."""
    return window.outward_seconds(map(_ENDS, spans))
