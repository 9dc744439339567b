"""Write decided appointments: their clinicians, attendances and reservations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from psycopg.types.range import Range

from backend.transactions import assert_in_transaction
from scheduling.models import Appointment, AppointmentClinician, Attendance, Participant, Reservation
from scheduling.operations.bookings.decide import AppointmentDraft
from scheduling.operations.bookings.draft import BookingDraft

# Appointments with the drafts they were written from.
Pairs = Sequence[tuple[Appointment, AppointmentDraft]]


def write_step(*, draft: BookingDraft, decided: Sequence[AppointmentDraft]) -> list[Attendance]:
    """Write the decided appointments and add their rows to `draft`. Returns the new attendances.

    Reservations of a hold carry its deadline. Takes four statements for any number of appointments.
    """
    assert_in_transaction()
    people = {person.track: person for person in draft.participants}
    ordered = sorted(decided, key=lambda one: (one.start, one.block.pk if one.block else 0))
    appointments = Appointment.objects.bulk_create(_appointment(draft, one, people) for one in ordered)
    pairs = list(zip(appointments, ordered, strict=True))
    draft.leads += write_leads_step(pairs=pairs)
    attendances = Attendance.objects.bulk_create(
        Attendance(participant=people[track], appointment=appointment, seat_no=seat)
        for appointment, one in pairs
        for seat, track in enumerate((t for t in one.tracks if t in people), start=1)
    )
    draft.attendances += attendances
    reserve_step(pairs=pairs, held_until=draft.held_until)
    return attendances


def _appointment(draft: BookingDraft, one: AppointmentDraft, people: dict[str, Participant]) -> Appointment:
    booking = draft.booking
    return Appointment(
        service=booking.service,
        block=one.block,
        during=Range(one.start, one.end),
        mode=booking.mode,
        location=booking.location,
        office_id=one.office_id,
        room_id=one.room_id,
        capacity=sum(track in people for track in one.tracks),
    )


def write_leads_step(*, pairs: Pairs) -> list[AppointmentClinician]:
    """Write the clinicians who lead each appointment, in the order given."""
    return AppointmentClinician.objects.bulk_create(
        AppointmentClinician(appointment=appointment, clinician=clinician, role_id=role_id)
        for appointment, one in pairs
        for clinician, role_id in one.leads
    )


def reserve_step(*, pairs: Pairs, held_until: datetime | None) -> None:
    """Reserve clinicians, rooms and external persons, ordered by resource and time.

    The order prevents a deadlock of two writers (F3).
    """
    rows = [
        Reservation(resource_id=resource_id, during=Range(start, end), appointment=appointment, held_until=held_until)
        for appointment, one in pairs
        for resource_id, start, end in one.reserved
    ]
    rows.sort(key=lambda row: (row.resource_id, row.during.lower))
    Reservation.objects.bulk_create(rows)
