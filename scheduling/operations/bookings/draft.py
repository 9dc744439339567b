"""A booking under way: the rows that the steps of one transaction have read or written, handed from step to step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from backend.transactions import assert_in_transaction
from scheduling.models import AppointmentClinician, Attendance, Booking, Participant, Reservation
from scheduling.queries.openings.booked import Booked, opening_of
from scheduling.queries.openings.opening import Opening
from scheduling.queries.people.parts import Part, parts_from


@dataclass(kw_only=True)
class BookingDraft:
    """A locked booking with its participants (by track), their active attendances and who leads the appointments.

    `is_new`: written in this transaction, so nothing refers to it yet: no link, no terms, no reservation of a client.
    `decided_for`: clients by track for whom the time was decided in this transaction; None if it was decided earlier.
    `new_client_ids`: clients made in this transaction.
    """

    booking: Booking
    participants: list[Participant]
    attendances: list[Attendance] = field(default_factory=list)
    leads: list[AppointmentClinician] = field(default_factory=list)
    is_new: bool = False
    decided_for: tuple[int | None, ...] | None = None
    new_client_ids: set[int] = field(default_factory=set)

    @classmethod
    def read(cls, booking: Booking) -> BookingDraft:
        """The draft of a locked booking, in three statements."""
        assert_in_transaction()
        people = list(booking.participants.select_related("client").order_by("track"))
        draft = cls(booking=booking, participants=people)
        draft.read_visits()
        return draft

    def read_visits(self) -> None:
        """Read the active attendances and their leads anew: two statements, none for a booking without people."""
        by_id = {one.pk: one for one in self.participants}
        active = Attendance.objects.active().filter(participant__in=by_id)
        self.attendances = list(
            active.select_related("appointment__block", "appointment__location").order_by("appointment__during", "pk")
        )
        for attendance in self.attendances:
            attendance.participant = by_id[attendance.participant_id]
        led = AppointmentClinician.objects.filter(appointment__in=self.appointment_ids)
        self.leads = list(led.select_related("clinician", "role").order_by("pk"))

    @property
    def held_until(self) -> datetime | None:
        """The hold's deadline, for new reservations; None for a booking that stands or is about to."""
        return self.booking.hold_expires_at if self.booking.is_held else None

    @property
    def appointment_ids(self) -> set[int]:
        """Ids of the appointments with an active attendance."""
        return {one.appointment_id for one in self.attendances}

    def opening(self) -> Opening:
        """The booked opening, described by these rows."""
        appointments = {one.appointment_id: one.appointment for one in self.attendances}
        led_by: dict[int, list[AppointmentClinician]] = {pk: [] for pk in appointments}
        for lead in self.leads:
            led_by[lead.appointment_id].append(lead)
        return opening_of(
            self.booking,
            [
                Booked(appointment=appointment, clinicians=tuple(lead.clinician for lead in led_by[pk]))
                for pk, appointment in appointments.items()
            ],
        )

    def parts(self) -> list[Part]:
        """The parts of the named people, as messages need them."""
        return parts_from(self.booking, self.participants, self.attendances)

    def reservations(self) -> QuerySet[Reservation]:
        """The live reservations made for this booking: its appointments', unless a group's, and its people's."""
        mine = Q(attendance__in=[one.pk for one in self.attendances])
        if self.booking.kind != Booking.Kind.SEAT:
            mine |= Q(appointment__in=self.appointment_ids)
        return Reservation.objects.unreleased().filter(mine)
