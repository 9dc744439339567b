"""The desk's day list for one office, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, QuerySet

from backend.accounts.actor import Actor
from backend.worklist.models import WorkItem
from scheduling.availability.timegrid.walltime import day_start
from scheduling.models import Appointment, AppointmentClinician, Attendance, Booking, Client, Location
from scheduling.models.booking import dead_hold
from scheduling.queries.people.visibility import visible_to

SHOWN = ("booked", "arrived", "attended", "no_show", "late_cancelled")


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """One person in an appointment. `client` is None until the person is named.

    `status`: held, booked, arrived, attended, no_show or late_cancelled; paid_conflict if the booking is in it.
    """

    client: Client | None
    track: str
    status: str
    booking: Booking

    @property
    def ask_first(self) -> bool:
        """True if this client allows neither mail nor texts."""
        return self.client is not None and not (self.client.may_email or self.client.may_text)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One appointment. Instants are UTC. `day_of`: (2, 4) on the second of an intensive's four days, else None."""

    appointment: Appointment
    starts_at: datetime
    ends_at: datetime
    clinicians: tuple[str, ...]
    visitors: tuple[Visitor, ...]
    day_of: tuple[int, int] | None

    @property
    def status(self) -> str:
        """The status that all visitors share, or an empty string."""
        statuses = {visitor.status for visitor in self.visitors}
        return statuses.pop() if len(statuses) == 1 else ""

    @property
    def bookings(self) -> tuple[Booking, ...]:
        return tuple({visitor.booking.pk: visitor.booking for visitor in self.visitors}.values())


def day(*, actor: Actor, location: Location, on: date, now: datetime) -> list[Row]:
    """Rows of the local date `on` at `location`, in order of time, as far as `actor` may see.

    Canceled appointments and dead holds are left out. Takes three statements.
    """
    start = day_start(on, location.tzinfo)
    end = day_start(on + timedelta(days=1), location.tzinfo)
    rows = appointments_between(actor=actor, first=start, until=end, now=now).filter(location=location)
    return rows_of(rows)


def appointments_between(*, actor: Actor, first: datetime, until: datetime, now: datetime) -> QuerySet[Appointment]:
    """Planned appointments that overlap `first` to `until`, visible to `actor`, with all that a row shows."""
    people = (
        Attendance.objects.filter(status__in=SHOWN)
        .exclude(dead_hold(now, "participant__booking__"))
        .select_related("participant__booking", "participant__client")
        .order_by("participant__track", "pk")
    )
    return (
        visible_to(Appointment, actor)
        .filter(during__overlap=(first, until), status=Appointment.Status.PLANNED)
        .select_related("service__program", "block", "room", "office", "location")
        .prefetch_related(
            Prefetch("leads", AppointmentClinician.objects.select_related("clinician").order_by("pk")),
            Prefetch("attendances", people),
        )
        .order_by("during", "pk")
    )


def rows_of(appointments: Iterable[Appointment]) -> list[Row]:
    """Rows of appointments from `appointments_between`. An appointment without people is left out, except a group."""
    rows = (_row(appointment) for appointment in appointments)
    return [row for row in rows if row.visitors or row.appointment.service.party == "group"]


def _row(appointment: Appointment) -> Row:
    program = getattr(appointment.service, "program", None)
    block = appointment.block
    return Row(
        appointment=appointment,
        starts_at=appointment.during.lower,
        ends_at=appointment.during.upper,
        clinicians=tuple(lead.clinician.name for lead in appointment.leads.all()),
        visitors=tuple(_visitor(attendance) for attendance in appointment.attendances.all()),
        day_of=(block.day + 1, program.days) if block and program else None,
    )


def _visitor(attendance: Attendance) -> Visitor:
    booking = attendance.participant.booking
    is_plain = attendance.status == Attendance.Status.BOOKED
    status = booking.status if is_plain and booking.status in ("held", "paid_conflict") else attendance.status
    return Visitor(
        client=attendance.participant.client, track=attendance.participant.track, status=status, booking=booking
    )


def open_items(*, location: Location) -> list[WorkItem]:
    """Up to 50 open work items of this office, the oldest first."""
    return list(WorkItem.objects.filter(location_id=location.pk, resolved_at=None).order_by("opened_at", "pk")[:50])
