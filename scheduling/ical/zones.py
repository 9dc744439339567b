"""Pure: a VTIMEZONE with two rules, or with one for zones that never change their clocks.

Outlook does not read lists of dates (F89). The rules therefore come from the POSIX line at the end of each file of the
time zone database (RFC 8536 §3.3), which describes the current and future rules.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

SINCE = 2007  # start of the current US rules; no earlier times are written
_NAME = r"(<[^>]+>|[A-Za-z]+)"
_OFFSET = r"([+-]?\d+(?::\d+){0,2})"
_RULE = r"M(\d+)\.(\d)\.(\d)(?:/([+-]?\d+(?::\d+){0,2}))?"
_POSIX = re.compile(rf"{_NAME}{_OFFSET}(?:{_NAME}{_OFFSET}?,{_RULE},{_RULE})?$")
_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")


class UnknownRule(ValueError):
    """The zone changes its clocks by a rule that a single RRULE cannot express."""


@cache
def posix_rule(zone: str) -> str:
    """The POSIX rule of a zone for the future, e.g. `CST6CDT,M3.2.0,M11.1.0`."""
    data = files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()
    return data.rstrip(b"\n").rsplit(b"\n", 1)[-1].decode("ascii")


def timezone_component(zone: str) -> Timezone:
    """The VTIMEZONE named `zone`. Raises UnknownRule."""
    match = _POSIX.match(posix_rule(zone))
    if match is None:
        raise UnknownRule(zone)
    name, offset, dst_name, dst_offset, *rules = match.groups()
    standard = -_clock(offset)
    component = Timezone()
    component.add("TZID", zone)
    if dst_name is None:
        component.add_component(_part(TimezoneStandard(), name, standard, standard, None))
        return component
    daylight = -_clock(dst_offset) if dst_offset else standard + timedelta(hours=1)
    component.add_component(_part(TimezoneDaylight(), dst_name, standard, daylight, rules[:4]))
    component.add_component(_part(TimezoneStandard(), name, daylight, standard, rules[4:]))
    return component


def _part(
    part: TimezoneDaylight | TimezoneStandard,
    name: str,
    before: timedelta,
    after: timedelta,
    rule: list[str | None] | None,
) -> TimezoneDaylight | TimezoneStandard:
    start, recurrence = (datetime(SINCE, 1, 1), None) if rule is None else _change(rule)  # noqa: DTZ001  # wall time
    part.add("DTSTART", start)
    if recurrence is not None:
        part.add("RRULE", recurrence)
    part.add("TZOFFSETFROM", before)
    part.add("TZOFFSETTO", after)
    part.add("TZNAME", name.strip("<>"))
    return part


def _change(rule: list[str | None]) -> tuple[datetime, dict[str, object]]:
    """The first clock change since `SINCE`, in wall time, and its yearly RRULE.

    The hour of a POSIX rule may be negative or above 24 and so mean another day. Raises UnknownRule.
    """
    month, week, weekday = (int(part or 0) for part in rule[:3])
    days, seconds = divmod(int(_clock(rule[3] or "2").total_seconds()), 86400)
    at = time(seconds // 3600, seconds % 3600 // 60)
    if days == 0:
        by_day = f"{-1 if week == 5 else week}{_DAYS[weekday]}"
        return _first(month, week, weekday, 0, at), {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": by_day}
    last = _month_length(month)
    first = (last - 6 if week == 5 else 7 * week - 6) + days
    if first < 1 or first + 6 > last:
        raise UnknownRule(str(rule))
    recurrence: dict[str, object] = {
        "FREQ": "YEARLY",
        "BYMONTH": month,
        "BYMONTHDAY": list(range(first, first + 7)),
        "BYDAY": _DAYS[(weekday + days) % 7],
    }
    return _first(month, week, weekday, days, at), recurrence


def _first(month: int, week: int, weekday: int, shift: int, at: time) -> datetime:
    earliest = _month_length(month) - 6 if week == 5 else 7 * week - 6
    candidates = (date(SINCE, month, earliest) + timedelta(days=n) for n in range(7))
    day = next(candidate for candidate in candidates if candidate.isoweekday() % 7 == weekday)
    return datetime.combine(day + timedelta(days=shift), at)


def _month_length(month: int) -> int:
    return (date(SINCE + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day


def _clock(text: str) -> timedelta:
    """Parse `[+-]h[:mm[:ss]]` as a duration."""
    sign = -1 if text.startswith("-") else 1
    hours, minutes, seconds = ([int(part) for part in text.lstrip("+-").split(":")] + [0, 0])[:3]
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)
