"""Bookings in answers: a booking just made, and one person's part."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from rest_framework import serializers

from billing.operations.booking import Booked
from billing.queries.payments import payment_of
from front.api.schema import ProblemShape
from scheduling.models import Attendance, Booking, Mode, Participant

from .common import Json, MoneyShape, NamedShape, instant_field, instant_json, money_json, name_json
from .openings import OpeningShape


class VisitShape(serializers.Serializer):
    """One appointment that this person attends. `status`: of this person's attendance."""

    name = serializers.CharField(help_text="Neutral; empty for a single visit.")
    starts_at = instant_field()
    ends_at = instant_field()
    mode = serializers.ChoiceField(choices=Mode.choices)
    location = NamedShape()
    clinicians = NamedShape(many=True)
    status = serializers.ChoiceField(choices=Attendance.Status.choices)


class PaymentShape(serializers.Serializer):
    """The amount due at booking. `checkout_url`: the provider's payment page, null if nothing is left to pay.

    It is also null while the provider does not answer. Then read the booking again a little later.
    """

    due_now = MoneyShape()
    checkout_url = serializers.CharField(allow_null=True)


class PartShape(serializers.Serializer):
    """One person's part in a booking."""

    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=Booking.Status.choices)
    hold_expires_at = instant_field(allow_null=True, help_text="While it is held.")
    service = NamedShape()
    location = NamedShape()
    mode = serializers.ChoiceField(choices=Mode.choices)
    appointments = VisitShape(many=True)
    payment = PaymentShape(allow_null=True, help_text="For the one who pays; null for the partner.")


class BookedShape(PartShape):
    """A booking just made. `manage_token` is shown once."""

    manage_token = serializers.CharField()


class TakenShape(ProblemShape):
    """The time is not free any more. `alternatives`: openings near it, at the same place first."""

    alternatives = OpeningShape(many=True, required=False)


def part_json(participant: Participant, *, now: datetime) -> Json:
    """JSON of one person's part: the visits they attend, and nothing of the partner (promise 9). Track A pays."""
    visits = participant.attendances.all()
    payment = _payment(participant.booking, now=now) if participant.track == Participant.Track.A else None
    return _part(participant.booking, visits, payment)


def _part(booking: Booking, visits: QuerySet[Attendance], payment: Json | None) -> Json:
    return {
        "reference": booking.reference,
        "status": booking.status,
        "hold_expires_at": _deadline(booking),
        "service": name_json(booking.service),
        "location": name_json(booking.location),
        "mode": booking.mode,
        "appointments": [_visit_json(visit) for visit in _visits(visits)],
        "payment": payment,
    }


def _payment(booking: Booking, *, now: datetime) -> Json:
    state = payment_of(booking, now=now)
    return {"due_now": money_json(state.due_now), "checkout_url": state.checkout_url}


def booked_json(booked: Booked) -> Json:
    """JSON for the person who booked: their part, their manage token and the payment page."""
    visits = Attendance.objects.filter(participant__booking=booked.booking, participant__track=Participant.Track.A)
    payment = {"due_now": money_json(booked.due_now), "checkout_url": booked.checkout_url}
    return _part(booked.booking, visits, payment) | {"manage_token": booked.tokens["A"]}


def _deadline(booking: Booking) -> str | None:
    if booking.status != Booking.Status.HELD or booking.hold_expires_at is None:
        return None
    return instant_json(booking.hold_expires_at, booking.location)


def _visits(attendances: QuerySet[Attendance]) -> list[Attendance]:
    """Attendances with their appointments and clinicians, in order of time, in two statements."""
    rows = attendances.select_related("appointment__location", "appointment__block")
    return list(rows.prefetch_related("appointment__clinicians").order_by("appointment__during", "pk"))


def _visit_json(visit: Attendance) -> Json:
    appointment = visit.appointment
    return {
        "name": appointment.block.name if appointment.block else "",
        "starts_at": instant_json(appointment.during.lower, appointment.location),
        "ends_at": instant_json(appointment.during.upper, appointment.location),
        "mode": appointment.mode,
        "location": name_json(appointment.location),
        "clinicians": [name_json(clinician) for clinician in appointment.clinicians.all()],
        "status": visit.status,
    }
