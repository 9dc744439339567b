"""The rows of one booking that the steps of a transaction have read or written, passed from step to step."""

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
    """A locked booking with its participants (by track), their active attendances, and the clinicians who lead.

    `is_new`: added in this transaction, so no link, terms or client reservation refers to it yet.
    `decided_for`: client ids by track for whom this transaction decided the time; None if it was decided earlier.
    `new_client_ids`: clients added in this transaction.
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
        """Read the draft of a locked booking, in three statements."""
        assert_in_transaction()
        people = list(booking.participants.select_related("client").order_by("track"))
        draft = cls(booking=booking, participants=people)
        draft.read_visits()
        return draft

    def read_visits(self) -> None:
        """Read the active attendances and the leads of their appointments again, in at most two statements."""
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
        """Deadline to write on new reservations; None unless the booking is held."""
        return self.booking.hold_expires_at if self.booking.is_held else None

    @property
    def appointment_ids(self) -> set[int]:
        """Ids of the appointments with an active attendance."""
        return {one.appointment_id for one in self.attendances}

    def opening(self) -> Opening:
        """The booked opening, described by these rows."""
        appointments = {one.appointment_id: one.appointment for one in self.attendances}
        leads: dict[int, list[AppointmentClinician]] = {pk: [] for pk in appointments}
        for lead in self.leads:
            leads[lead.appointment_id].append(lead)
        return opening_of(
            self.booking,
            [
                Booked(appointment=appointment, clinicians=tuple(lead.clinician for lead in leads[pk]))
                for pk, appointment in appointments.items()
            ],
        )

    def parts(self) -> list[Part]:
        """Parts of the named people, as the messages need them."""
        return parts_from(self.booking, self.participants, self.attendances)

    def reservations(self) -> QuerySet[Reservation]:
        """Unreleased reservations of this booking: its clients' and, except for a group seat, its appointments'."""
        of_booking = Q(attendance__in=[one.pk for one in self.attendances])
        if self.booking.kind != Booking.Kind.SEAT:
            of_booking |= Q(appointment__in=self.appointment_ids)
        return Reservation.objects.unreleased().filter(of_booking)
