"""One person's part of a booking in words for pages, with nothing about another person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from backend.accounts.actor import Actor
from front.actors import actor_of
from front.templatetags.when import days_in_words, hours_span
from scheduling.formats import long_date
from scheduling.models import Attendance, Booking, Mode, Participant
from scheduling.queries.calendars.visits import attended_by
from scheduling.queries.people.visibility import visible_to


@dataclass(frozen=True)
class OwnBlock:
    """A block on a day: its hours, its name and its clinicians."""

    hours: str
    name: str
    people: str


@dataclass(frozen=True)
class OwnDay:
    """A day on which this person has visits, with the place of the first."""

    words: str
    hours: str
    place: list[str]
    arrival: str
    blocks: list[OwnBlock]


def own_or_404(request: HttpRequest, reference: str) -> tuple[Actor, Participant]:
    """The actor and their part in a booking. Raises Http404 for every other reference, known or not, and for staff."""
    actor = actor_of(request, reference)
    if actor.is_staff:
        raise Http404
    own = visible_to(Participant, actor).filter(booking__reference=reference)
    found = own.select_related("booking__service", "booking__location", "client").order_by("track").first()
    if found is None:
        raise Http404
    return actor, found


def must_choose(participant: Participant) -> bool:
    """True for a second partner who has not chosen how to be reached, and so sees only the dates (promise 10)."""
    return participant.track == Participant.Track.B and participant.chosen_at is None


def own_days(actor: Actor, participant: Participant) -> list[OwnDay]:
    """Days on which this person has visits, in three queries."""
    return [_day(day, list(group)) for day, group in groupby(attended_by(actor, participant), key=_date)]


def _date(attendance: Attendance) -> date:
    appointment = attendance.appointment
    start: datetime = appointment.during.lower
    return start.astimezone(appointment.location.tzinfo).date()


def _day(day: date, attendances: list[Attendance]) -> OwnDay:
    first = attendances[0].appointment
    ends = max(one.appointment.during.upper for one in attendances)
    return OwnDay(
        words=long_date(day),
        hours=hours_span(first.during.lower, ends, first.location),
        place=_place(first.mode, first.location.name, first.location.address),
        arrival=first.location.arrival if first.mode == Mode.OFFICE else "",
        blocks=[_block(one) for one in attendances],
    )


def _place(mode: str, name: str, address: str) -> list[str]:
    if mode == Mode.ONLINE:
        return [_("Online")]
    if mode == Mode.PHONE:
        return [_("By phone")]
    return [name, address]


def _block(attendance: Attendance) -> OwnBlock:
    appointment = attendance.appointment
    during = appointment.during
    return OwnBlock(
        hours=hours_span(during.lower, during.upper, appointment.location),
        name=appointment.block.name if appointment.block else "",
        people=_names(lead.clinician.name for lead in appointment.leads.all()),
    )


def _names(names: Iterable[str]) -> str:
    return _(" and ").join(dict.fromkeys(names))


def dates_only(days: list[OwnDay]) -> list[str]:
    """Dates and hours only, for a second partner who has not chosen yet."""
    return days_in_words([(day.words, day.hours) for day in days])


def is_over(booking: Booking) -> bool:
    """True if the booking is neither held nor confirmed, so that nothing can be chosen any more."""
    return booking.status not in (Booking.Status.HELD, Booking.Status.CONFIRMED)
