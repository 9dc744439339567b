"""The opening that a booking took, described by the booking's own rows. Later edits of a service do not change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Prefetch

from scheduling.models import Appointment, AppointmentClinician, Attendance, Booking, Clinician
from scheduling.opening_id import OpeningId
from scheduling.queries.openings.opening import Block, Opening, describe_pin, program_opening


class Booked(NamedTuple):
    """An appointment of a booking with its clinicians, in the order they were written."""

    appointment: Appointment
    clinicians: tuple[Clinician, ...]


def booked_opening(booking: Booking) -> Opening:
    """The opening of `booking`, with instants in UTC, in two queries.

    A request has no appointments, so its opening id is described. Raises UnknownOpening if its program's blocks have
    changed since.
    """
    return opening_of(booking, _appointments(booking))


def opening_of(booking: Booking, booked: Sequence[Booked]) -> Opening:
    """The opening of a booking from its appointments, which were read already, in order of time."""
    pin = OpeningId.decode(booking.opening)
    if not booked:
        return describe_pin(pin, booking.service, booking.location)
    first, *others = booked
    if first.appointment.block is not None:
        blocks = [_block(one) for one in booked]
        return program_opening(pin.clinicians, booking.service, booking.location, pin.mode, blocks)
    return Opening(
        pins=pin.clinicians,
        service=booking.service,
        starts_at=first.appointment.during.lower,
        ends_at=first.appointment.during.upper,
        location=booking.location,
        mode=booking.mode,
        clinicians=first.clinicians,
        further=tuple(one.appointment.during.lower for one in others),
        every_n_weeks=pin.every_n_weeks,
        weeks=pin.weeks,
    )


def _appointments(booking: Booking) -> list[Booked]:
    # A booking that was paid late has the appointments it lost by expiring and those it has now.
    seats = Attendance.objects.filter(participant__booking=booking, appointment=OuterRef("pk"))
    leads = AppointmentClinician.objects.order_by("pk").select_related("clinician")
    rows: list[Any] = list(
        Appointment.objects.filter(Exists(seats))
        .annotate(is_attended=Exists(seats.active()))
        .select_related("block")
        .order_by("during", "pk")
        .prefetch_related(Prefetch("leads", leads))
    )
    kept = [row for row in rows if row.is_attended] or rows
    return [Booked(row, tuple(lead.clinician for lead in row.leads.all())) for row in kept]


def _block(one: Booked) -> Block:
    appointment = one.appointment
    assert appointment.block is not None
    return Block(
        name=appointment.block.name,
        starts_at=appointment.during.lower,
        ends_at=appointment.during.upper,
        attends=appointment.block.attends,
        clinicians=one.clinicians,
    )
