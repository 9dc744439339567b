"""Visits of one booking, one client or one participant, with the rows that pages name beside them."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from backend.accounts.actor import Actor
from scheduling.models import Appointment, Attendance, Booking, Client, Participant
from scheduling.models.appointment import ACTIVE_ATTENDANCE
from scheduling.queries.people.visibility import visible_to

MOST_VISITS = 60


def appointments_of(booking: Booking) -> list[Appointment]:
    """The appointments of a booking in order of time, with who leads them and, as `seat`, its seat in a group."""
    mine = Attendance.objects.filter(participant__booking=booking)
    rows = Appointment.objects.filter(pk__in=mine.values("appointment"))
    seat = mine.filter(appointment=OuterRef("pk")).order_by("seat_no").values("seat_no")[:1]
    told = rows.annotate(seat=Subquery(seat)).select_related("room", "location", "office", "block")
    return list(told.prefetch_related("clinicians").order_by("during", "pk"))


def visits_of(actor: Actor, who: Client) -> list[Attendance]:
    """The latest visits, as far as `actor` may see: another office's stay unseen (F146)."""
    seen = visible_to(Attendance, actor).filter(participant__client=who).exclude(participant__booking__status="held")
    rows = seen.select_related("appointment__service", "appointment__location", "participant__booking")
    return list(rows.order_by("-appointment__during")[:MOST_VISITS])


def attended_by(actor: Actor, participant: Participant) -> list[Attendance]:
    """What a participant attends, in order of time, as far as `actor` may see it. Three statements."""
    mine = visible_to(Attendance, actor).filter(participant=participant, status__in=ACTIVE_ATTENDANCE)
    rows = mine.select_related("appointment__block", "appointment__location", "appointment__room")
    return list(rows.prefetch_related("appointment__leads__clinician").order_by("appointment__during"))
