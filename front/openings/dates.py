"""Several dates in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from front.templatetags.when import clock_at, hours_span, moment_at
from scheduling.availability.timegrid.walltime import local_date
from scheduling.formats import long_date
from scheduling.queries.openings.opening import Opening

_WEEK = timedelta(days=7)
_WEEKDAYS = (
    gettext_lazy("Mondays"),
    gettext_lazy("Tuesdays"),
    gettext_lazy("Wednesdays"),
    gettext_lazy("Thursdays"),
    gettext_lazy("Fridays"),
    gettext_lazy("Saturdays"),
    gettext_lazy("Sundays"),
)


def dates_of(opening: Opening) -> list[date]:
    """Local dates of all starts of an opening."""
    return [local_date(start, opening.location.tzinfo) for start in opening.starts]


def rhythm(days: Sequence[date]) -> str:
    """“6 Tuesdays from March 2”; “6 dates from Tuesday, March 2” if not every week; a single date in full."""
    first, number = days[0], len(days)
    if number == 1:
        return long_date(first)
    if any(later - earlier != _WEEK for earlier, later in pairwise(days)):
        return _("%(number)d dates from %(first)s") % {"number": number, "first": long_date(first)}
    words = {"number": number, "weekdays": _WEEKDAYS[first.weekday()], "first": f"{first:%B} {first.day}"}
    return _("%(number)d %(weekdays)s from %(first)s") % words


def by_month(days: Sequence[date]) -> str:
    """“March 2, 9, 16, 23, 30; April 6”."""
    months = groupby(days, key=lambda day: (day.year, day.month))
    parts = [list(same) for _month, same in months]
    return "; ".join(f"{part[0]:%B} {', '.join(str(day.day) for day in part)}" for part in parts)


def date_lines(opening: Opening) -> list[str]:
    """The dates by month, then the hours; one line for each date if their wall times differ."""
    place = opening.location
    if len({clock_at(start, place) for start in opening.starts}) > 1:
        return [moment_at(start, place) for start in opening.starts]
    return [by_month(dates_of(opening)), hours_span(opening.starts_at, opening.ends_at, place)]
