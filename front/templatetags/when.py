"""Template filters for dates and times, in US words and the wall time of a location."""

from collections.abc import Sequence
from datetime import date, datetime

from django import template
from django.utils.translation import gettext as _

from scheduling.formats import clock, long_date, short_moment, zone_words
from scheduling.models import Location

register = template.Library()


@register.filter
def day_at(at: datetime, place: Location) -> str:
    """“Tuesday, November 24”."""
    return long_date(at.astimezone(place.tzinfo))


@register.filter
def clock_at(at: datetime, place: Location) -> str:
    """“11:00 AM”."""
    return clock(at.astimezone(place.tzinfo))


@register.filter
def moment_at(at: datetime, place: Location) -> str:
    """“Tue, Nov 24, 11:00 AM”."""
    return short_moment(at.astimezone(place.tzinfo))


@register.filter
def zone_of(place: Location) -> str:
    """“Central time”."""
    return zone_words(place.tzinfo)


def days_span(first: date, last: date) -> str:
    """“Monday, November 30 to Thursday, December 3”."""
    return _("%(first)s to %(last)s") % {"first": long_date(first), "last": long_date(last)}


def days_in_words(days: Sequence[tuple[str, str]]) -> list[str]:
    """One line for each day with its hours; two lines in all if the hours are the same every day."""
    hours = {hour for _day, hour in days}
    if len(days) < 2 or len(hours) > 1:
        return [f"{day}, {hour}" for day, hour in days]
    span = _("%(first)s to %(last)s") % {"first": days[0][0], "last": days[-1][0]}
    return [span, _("%(hours)s each day") % {"hours": days[0][1]}]


def hours_span(start: datetime, end: datetime, place: Location) -> str:
    """“11:00 AM to 11:50 AM”."""
    return _("%(start)s to %(end)s") % {"start": clock_at(start, place), "end": clock_at(end, place)}
