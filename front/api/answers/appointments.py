"""Appointments in answers to staff."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from backend.accounts.actor import Actor
from scheduling.models import Appointment, Attendance, Client, Mode
from scheduling.queries.people.visibility import visible_to

from .common import Json, NamedShape, instant_field, instant_json, name_json
from .office import RoomNameShape


class AttendeeShape(serializers.Serializer):
    """A person in an appointment. `client` and `name` are null until the person is named."""

    client = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    booking = serializers.CharField(help_text="Reference")
    status = serializers.ChoiceField(choices=Attendance.Status.choices)


class AppointmentShape(serializers.Serializer):
    """An appointment, without buffers."""

    id = serializers.IntegerField()
    starts_at = instant_field()
    ends_at = instant_field()
    mode = serializers.ChoiceField(choices=Mode.choices)
    location = NamedShape()
    room = RoomNameShape(allow_null=True)
    clinicians = NamedShape(many=True)
    attendees = AttendeeShape(many=True)
    bookings = serializers.ListField(child=serializers.CharField(), help_text="References")
    service = NamedShape()
    status = serializers.ChoiceField(choices=Appointment.Status.choices)


def with_everybody(rows: QuerySet[Appointment], *, by: Actor) -> QuerySet[Appointment]:
    """Load the rows that `appointment_json` needs; people and clients only as far as `by` may see them."""
    clients = Prefetch("participant__client", queryset=visible_to(Client, by))
    seats = visible_to(Attendance, by).select_related("participant__booking").prefetch_related(clients)
    return rows.select_related("location", "room", "service").prefetch_related(
        "clinicians", Prefetch("attendances", queryset=seats.order_by("seat_no", "pk"), to_attr="seats")
    )


def appointment_json(row: Appointment) -> Json:
    """JSON of an appointment loaded by `with_everybody`."""
    seats: list[Attendance] = getattr(row, "seats")  # noqa: B009 (set by the prefetch)
    return {
        "id": row.pk,
        "starts_at": instant_json(row.during.lower, row.location),
        "ends_at": instant_json(row.during.upper, row.location),
        "mode": row.mode,
        "location": name_json(row.location),
        "room": {"id": row.room.pk, "name": row.room.name} if row.room else None,
        "clinicians": [name_json(clinician) for clinician in row.clinicians.all()],
        "attendees": [_attendee_json(seat) for seat in seats],
        "bookings": sorted({seat.participant.booking.reference for seat in seats}),
        "service": name_json(row.service),
        "status": row.status,
    }


def _attendee_json(seat: Attendance) -> Json:
    client = seat.participant.client
    return {
        "client": client.pk if client else None,
        "name": client.name_to_use if client else None,
        "booking": seat.participant.booking.reference,
        "status": seat.status,
    }
