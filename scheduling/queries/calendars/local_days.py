"""Appointments by local dates: every office has its own calendar."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from psycopg.types.range import Range

from scheduling.availability.timegrid.walltime import day_start
from scheduling.models import Appointment, Location


def starting(rows: QuerySet[Appointment], first: date | None, until: date | None) -> QuerySet[Appointment]:
    """Those that start on the local dates `first` to `until` (exclusive) of their location; None is open-ended.

    One statement more, for the zones in use. `during &&` is there for the index, the start decides.
    """
    if first is None and until is None:
        return rows
    wanted = Q(pk__in=[])
    for zone in Location.objects.order_by("zone").values_list("zone", flat=True).distinct():
        tz = ZoneInfo(zone)
        begin = day_start(first, tz) if first else None
        end = day_start(until, tz) if until else None
        here = Q(location__zone=zone, during__overlap=Range(begin, end))
        wanted |= here & Q(during__startswith__gte=begin) if begin else here
    return rows.filter(wanted)
