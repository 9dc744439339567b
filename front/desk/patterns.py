"""One line for all dates of a booking: a series, a standing appointment, or seats in a group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.formats import clock
from scheduling.models import Appointment, Attendance, Booking, Standing

Places = dict[tuple[int, int], tuple[int, int]]
REPEATED = frozenset({Booking.Kind.SERIES, Booking.Kind.STANDING, Booking.Kind.SEAT})


def dates_line(starts: Sequence[datetime]) -> str:
    """“10 Tuesdays, 3:00 PM, until May 4”; “most on …” if some dates differ; empty for a single date.

    `starts`: local times in order.
    """
    if len(starts) < 2:
        return ""
    usual, times = Counter((one.weekday(), clock(one)) for one in starts).most_common(1)[0]
    weekday = next(f"{one:%A}" for one in starts if one.weekday() == usual[0])
    values = {
        "count": len(starts),
        "weekday": weekday,
        "clock": usual[1],
        "last": _day_words(starts[-1].date(), starts),
    }
    if times == len(starts):
        return _("%(count)d %(weekday)ss, %(clock)s, until %(last)s") % values
    return _("%(count)d dates until %(last)s, most on %(weekday)ss, %(clock)s") % values


def every_line(every: int) -> str:
    """“Every week”, “Every 2 weeks”."""
    return ngettext("Every week", "Every %(count)d weeks", every) % {"count": every}


def standing_line(standing: Standing) -> str:
    """“Every week, Tuesdays, 3:00 PM, open-ended. Dates are planned until August 9.”"""
    at = datetime.combine(standing.first_on, datetime.min.time()).replace(
        hour=standing.starts_minute // 60, minute=standing.starts_minute % 60
    )
    values = {"every": every_line(standing.every_n_weeks), "weekday": f"{at:%A}", "clock": clock(at)}
    if standing.ended_on is not None:
        return _("%(every)s, %(weekday)ss, %(clock)s, until %(last)s.") % {**values, "last": _long(standing.ended_on)}
    values["last"] = _long(standing.generated_until)
    return _("%(every)s, %(weekday)ss, %(clock)s, open-ended. Dates are planned until %(last)s.") % values


def pattern_of(booking: Booking, appointments: Iterable[Appointment]) -> str:
    """The line of a booking; empty for a single visit or an intensive."""
    if booking.kind == Booking.Kind.STANDING:
        return standing_line(booking.standing)
    if booking.kind not in REPEATED:
        return ""
    planned = [one for one in appointments if one.status == Appointment.Status.PLANNED]
    return dates_line([one.during.lower.astimezone(booking.location.tzinfo) for one in planned])


def places_of(bookings: Iterable[Booking]) -> Places:
    """(booking id, appointment id) -> (3, 10) for the third date of a series of ten, in one statement."""
    ids = [one.pk for one in bookings if one.kind == Booking.Kind.SERIES]
    planned = Attendance.objects.filter(participant__booking__in=ids, appointment__status=Appointment.Status.PLANNED)
    rows = planned.order_by("appointment__during").values_list("participant__booking", "appointment")
    by_booking: dict[int, list[int]] = {}
    for booking_id, appointment_id in dict.fromkeys(rows):
        by_booking.setdefault(booking_id, []).append(appointment_id)
    return {
        (booking_id, appointment_id): (place, len(found))
        for booking_id, found in by_booking.items()
        for place, appointment_id in enumerate(found, start=1)
    }


def mark(bookings: Iterable[Booking], appointment: Appointment, places: Places) -> str:
    """“Series, 3 of 10” or “Standing”; empty for an appointment of neither."""
    for one in bookings:
        if (one.pk, appointment.pk) in places:
            place, number = places[one.pk, appointment.pk]
            return _("Series, %(place)d of %(number)d") % {"place": place, "number": number}
        if one.kind == Booking.Kind.STANDING:
            return _("Standing")
    return ""


def _day_words(day: date, starts: Sequence[datetime]) -> str:
    """“May 4”, with the year if it differs from the first start's."""
    return date_format(day, "F j" if day.year == starts[0].year else "F j, Y")


def _long(day: date) -> str:
    return date_format(day, "F j, Y")
