"""Pure: dates and times in US words. In person, the office's clock counts; otherwise the recipient's (F40, F41)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from scheduling.availability.timegrid.walltime import comes_twice
from scheduling.queries.people.parts import Part, Visit

_ZONE_WORDS = {
    "America/New_York": "Eastern time",
    "America/Detroit": "Eastern time",
    "America/Chicago": "Central time",
    "America/Denver": "Mountain time",
    "America/Boise": "Mountain time",
    "America/Phoenix": "Arizona time",
    "America/Los_Angeles": "Pacific time",
    "America/Anchorage": "Alaska time",
    "Pacific/Honolulu": "Hawaii time",
    "UTC": "UTC",
}


def zone_words(zone: ZoneInfo) -> str:
    """“Central time”, never an abbreviation that is wrong half the year (F43)."""
    return _ZONE_WORDS.get(zone.key) or _("%(city)s time") % {"city": zone.key.rsplit("/", 1)[-1].replace("_", " ")}


def clock(at: datetime) -> str:
    """“11:00 AM” of a local time; “1:30 AM CDT” where the clocks show it twice (F29)."""
    words = f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"
    return f"{words} {at:%Z}" if comes_twice(at) else words


def long_date(at: datetime) -> str:
    """“Tuesday, November 24” of a local time."""
    return f"{at:%A}, {at:%B} {at.day}"


def short_moment(at: datetime) -> str:
    """“Tue, Nov 24, 11:00 AM” of a local time."""
    return f"{at:%a}, {at:%b} {at.day}, {clock(at)}"


def reading_zone(part: Part, visit: Visit) -> ZoneInfo:
    """The clock by which this person reads this visit."""
    return visit.location.tzinfo if visit.mode == "office" else part.zone


def day_line(part: Part, visits: Sequence[Visit]) -> str:
    """“Tuesday, November 24, 9:00 AM to 4:00 PM, Central time”: the first start to the last end of one day."""
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
