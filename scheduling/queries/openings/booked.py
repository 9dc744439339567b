"""The opening that a booking took, told by its own rows: what is renamed or entered anew later changes nothing."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch

from scheduling.models import Appointment, AppointmentClinician, Attendance, Booking, Clinician
from scheduling.models.appointment import ACTIVE_ATTENDANCE
from scheduling.opening_id import OpeningId
from scheduling.queries.openings.opening import Block, Opening, describe_pin, program_opening


def booked_opening(booking: Booking) -> Opening:
    """What is booked, UTC. For a request, which has no appointments, what its id names. Two queries.

    Raises UnknownOpening for a request whose program has other blocks by now.
    """
    pin = OpeningId.decode(booking.opening)
    rows = _appointments(booking)
    if not rows:
        return describe_pin(pin, booking.service, booking.location)
    if rows[0].block is not None:
        return program_opening(pin.clinicians, booking.service, booking.location, pin.mode, [*map(_block, rows)])
    return Opening(
        pins=pin.clinicians,
        service=booking.service,
        starts_at=rows[0].during.lower,
        ends_at=rows[0].during.upper,
        location=booking.location,
        mode=booking.mode,
        clinicians=_people(rows[0]),
        further=tuple(row.during.lower for row in rows[1:]),
        every_n_weeks=pin.every_n_weeks,
        weeks=pin.weeks,
    )


def _appointments(booking: Booking) -> list[Appointment]:
    # One that expired and was confirmed after all has both: those that it gave up and those that it has.
    seats = Attendance.objects.filter(participant__booking=booking, appointment=OuterRef("pk"))
    taken = Appointment.objects.filter(Exists(seats))
    leads = AppointmentClinician.objects.order_by("pk").select_related("clinician")
    told = taken.annotate(is_attended=Exists(seats.filter(status__in=ACTIVE_ATTENDANCE))).select_related("block")
    rows: list[Any] = list(told.order_by("during", "pk").prefetch_related(Prefetch("leads", leads)))
    return [row for row in rows if row.is_attended] or rows


def _people(row: Appointment) -> tuple[Clinician, ...]:
    return tuple(lead.clinician for lead in row.leads.all())


def _block(row: Appointment) -> Block:
    assert row.block is not None
    return Block(
        name=row.block.name,
        starts_at=row.during.lower,
        ends_at=row.during.upper,
        attends=row.block.attends,
        clinicians=_people(row),
    )
