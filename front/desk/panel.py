"""Desk pages of one appointment and of one client. Each view of them writes an audit line."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from front.actors import actor_of
from scheduling.models import Appointment, Attendance, BookingMove, Client
from scheduling.operations.access_log import note_looks
from scheduling.queries.calendars.day_list import rows_of
from scheduling.queries.calendars.visits import visits_of
from scheduling.queries.people.partners import partners_of
from scheduling.queries.people.visibility import visible_to

from .guard import desk_only
from .money import accounts
from .patterns import mark, places_of
from .words import BOOKING_WORDS, contact_of, sign_of


@require_safe
@desk_only
def appointment(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """One appointment: people, time, place, clinicians, money and history."""
    actor, now = actor_of(request), timezone.now()
    found = get_object_or_404(
        visible_to(Appointment, actor).select_related("service__program", "block", "room", "office", "location"),
        pk=appointment_id,
    )
    everybody = found.attendances.select_related("participant__client", "participant__booking")
    people = list(everybody.order_by("participant__track", "pk"))
    bookings = {one.participant.booking_id: one.participant.booking for one in people}
    seen = [one.participant.client_id for one in people if one.participant.client_id]
    note_looks(client_ids=seen, page="appointment", by=actor, now=now)
    money = accounts(bookings)
    row = next(iter(rows_of([found])), None)
    signs = {visitor.client: sign_of(visitor, found.location) for visitor in row.visitors} if row else {}
    context = {
        "area": "day",
        "appointment": found,
        "row": row,
        "mark": mark(bookings.values(), found, places_of(bookings.values())),
        "is_off": found.status == Appointment.Status.CANCELLED,
        "clinicians": list(found.clinicians.all()),
        "people": [
            (one, contact_of(one.participant.client), signs.get(one.participant.client))
            for one in people
            if one.participant.client
        ],
        "bookings": [(one, BOOKING_WORDS[one.status], money.get(pk)) for pk, one in bookings.items()],
        "moves": BookingMove.objects.filter(booking__in=bookings).order_by("-at", "-pk")[:30],
    }
    return render(request, "desk/appointment.html", context)


@require_safe
@desk_only
def client(request: HttpRequest, client_id: int) -> HttpResponse:
    """One client: contact rules, visits at this desk's offices, and partners."""
    actor, now = actor_of(request), timezone.now()
    found = get_object_or_404(visible_to(Client, actor), pk=client_id)
    note_looks(client_ids=[found.pk], page="client", by=actor, now=now)
    visits = visits_of(actor, found)
    context = {
        "area": "day",
        "client": found,
        "contact": contact_of(found),
        "coming": sorted((one for one in visits if one.appointment.during.upper > now), key=_start),
        "past": [one for one in visits if one.appointment.during.upper <= now],
        "partners": partners_of(actor, found),
    }
    return render(request, "desk/client.html", context)


def _start(visit: Attendance) -> datetime:
    start: datetime = visit.appointment.during.lower
    return start
