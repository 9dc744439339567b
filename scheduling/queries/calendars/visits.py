"""Visits of one booking, one client or one participant, with the rows that pages show beside them."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from backend.accounts.actor import Actor
from scheduling.models import Appointment, Attendance, Booking, Client, Participant
from scheduling.models.appointment import ACTIVE_ATTENDANCE
from scheduling.queries.people.visibility import visible_to

MOST_VISITS = 60


def appointments_of(booking: Booking) -> list[Appointment]:
    """The booking's appointments in order of time, with clinicians, room and offices; `seat` is its seat in a group."""
    attendances = Attendance.objects.filter(participant__booking=booking)
    rows = Appointment.objects.filter(pk__in=attendances.values("appointment"))
    seat = attendances.filter(appointment=OuterRef("pk")).order_by("seat_no").values("seat_no")[:1]
    with_seat = rows.annotate(seat=Subquery(seat)).select_related("room", "location", "office", "block")
    return list(with_seat.prefetch_related("clinicians").order_by("during", "pk"))


def visits_of(actor: Actor, client: Client) -> list[Attendance]:
    """Up to 60 latest visits of a client that `actor` may see; another office's desk sees none of them (F146)."""
    seen = visible_to(Attendance, actor).filter(participant__client=client).exclude(participant__booking__status="held")
    rows = seen.select_related("appointment__service", "appointment__location", "participant__booking")
    return list(rows.order_by("-appointment__during")[:MOST_VISITS])


def attended_by(actor: Actor, participant: Participant) -> list[Attendance]:
    """Active attendances of a participant that `actor` may see, in order of time, in three statements."""
    seen = visible_to(Attendance, actor).filter(participant=participant, status__in=ACTIVE_ATTENDANCE)
    rows = seen.select_related("appointment__block", "appointment__location", "appointment__room")
    return list(rows.prefetch_related("appointment__leads__clinician").order_by("appointment__during"))
