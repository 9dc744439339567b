"""Filter appointments by local date. Each office has its own time zone."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from psycopg.types.range import Range

from scheduling.availability.timegrid.walltime import day_start
from scheduling.models import Appointment, Location


def starting(rows: QuerySet[Appointment], first: date | None, until: date | None) -> QuerySet[Appointment]:
    """Appointments that start on the dates `first` to `until` (exclusive) of their location; None is open-ended.

    Takes one more statement, for the zones in use. The overlap is there for the index; the start decides.
    """
    if first is None and until is None:
        return rows
    in_any_zone = Q(pk__in=[])
    for zone in Location.objects.order_by("zone").values_list("zone", flat=True).distinct():
        tz = ZoneInfo(zone)
        begin = day_start(first, tz) if first else None
        end = day_start(until, tz) if until else None
        here = Q(location__zone=zone, during__overlap=Range(begin, end))
        in_any_zone |= here & Q(during__startswith__gte=begin) if begin else here
    return rows.filter(in_any_zone)
