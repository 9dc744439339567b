"""Times of a visit in words: in the office's zone for a visit in person, otherwise in the client's (F40, F41)."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from scheduling.formats import clock, long_date, zone_words
from scheduling.queries.people.parts import Part, Visit


def reading_zone(part: Part, visit: Visit) -> ZoneInfo:
    """Time zone in which this person reads the times of this visit."""
    return visit.location.tzinfo if visit.mode == "office" else part.zone


def day_line(part: Part, visits: Sequence[Visit]) -> str:
    """“Tuesday, November 24, 9:00 AM to 4:00 PM, Central time”: from the first start to the last end of one day.

    If the office's clock differs, its hours follow in parentheses.
    """
    zone = reading_zone(part, visits[0])
    line = _span(visits, zone)
    office = visits[0].location.tzinfo
    if _differs(visits[0], zone, office):
        line += f" ({_span(visits, office, with_date=_other_day(visits[0], zone, office))})"
    return line


def _span(visits: Sequence[Visit], zone: ZoneInfo, *, with_date: bool = True) -> str:
    start, end = visits[0].starts_at.astimezone(zone), max(one.ends_at for one in visits).astimezone(zone)
    hours = _("%(start)s to %(end)s, %(zone)s") % {
        "start": clock(start),
        "end": clock(end),
        "zone": zone_words(zone),
    }
    return f"{long_date(start)}, {hours}" if with_date else hours


def _differs(visit: Visit, one: ZoneInfo, other: ZoneInfo) -> bool:
    return visit.starts_at.astimezone(one).utcoffset() != visit.starts_at.astimezone(other).utcoffset()


def _other_day(visit: Visit, one: ZoneInfo, other: ZoneInfo) -> bool:
    return visit.starts_at.astimezone(one).date() != visit.starts_at.astimezone(other).date()
