"""The held time in words, for every page after it is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from front.journey import Journey
from front.openings.dates import date_lines, dates_of, rhythm
from front.openings.times import names_of
from front.templatetags.when import clock_at, day_at, days_in_words, days_span, hours_span, zone_of
from scheduling.availability.timegrid.walltime import local_date
from scheduling.formats import long_date
from scheduling.models import Booking, Mode
from scheduling.queries.openings.booked import booked_opening
from scheduling.queries.openings.opening import Opening

from .holds import booking_of


@dataclass(frozen=True)
class Held:
    """The held opening. `until`: wall time at the location when the hold ends; empty once it has ended."""

    booking: Booking
    opening: Opening
    until: str

    @property
    def when(self) -> str:
        """“Tuesday, November 24, 11:00 AM to 11:50 AM”, the range of days, or “6 Tuesdays from March 2, …”."""
        if self.opening.days:
            return days_span(self.opening.days[0].date, self.opening.days[-1].date)
        opening = self.opening
        hours = hours_span(opening.starts_at, opening.ends_at, opening.location)
        day = rhythm(dates_of(opening)) if opening.further else day_at(opening.starts_at, opening.location)
        return f"{day}, {hours}"

    @property
    def first_day(self) -> date:
        """Local date of the first start."""
        return local_date(self.opening.starts_at, self.opening.location.tzinfo)

    @property
    def lines(self) -> list[str]:
        """Days with their hours, then the time zone."""
        place = self.opening.location
        if self.opening.further:
            return [rhythm(dates_of(self.opening)), *date_lines(self.opening), zone_of(place)]
        days = [(long_date(day.date), hours_span(day.starts_at, day.ends_at, place)) for day in self.opening.days]
        return [*(days_in_words(days) or [self.when]), zone_of(place)]

    @property
    def where(self) -> list[str]:
        if self.opening.mode == Mode.ONLINE:
            return [_("Online. Your booking page has the link.")]
        if self.opening.mode == Mode.PHONE:
            return [_("By phone. We call you.")]
        return [self.opening.location.name, self.opening.location.address]

    @property
    def people(self) -> str:
        return names_of(self.opening)


def held_of(booking: Booking, *, now: datetime) -> Held:
    """Words for a held booking."""
    deadline = booking.hold_expires_at if booking.is_live_hold(now) else None
    opening = booked_opening(booking)
    return Held(booking, opening, clock_at(deadline, booking.location) if deadline else "")


def held_now(request: HttpRequest, *, now: datetime) -> Held | None:
    """The live hold of this browser, for any service; None without one."""
    booking = booking_of(request, Journey(request))
    return held_of(booking, now=now) if booking is not None and booking.is_live_hold(now) else None
