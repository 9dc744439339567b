"""Bookings and clients in answers to staff."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from backend.accounts.actor import Actor
from scheduling.models import Booking, Client, Mode, Participant
from scheduling.queries.people.visibility import visible_to

from .common import Json, NamedShape, instant_field, instant_json, name_json


class PersonShape(serializers.Serializer):
    """A person in a booking. `client` and `name` are null until the person is named."""

    track = serializers.ChoiceField(choices=Participant.Track.choices)
    client = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_null=True)


class StaffBookingShape(serializers.Serializer):
    """A booking and its people."""

    reference = serializers.CharField()
    kind = serializers.ChoiceField(choices=Booking.Kind.choices)
    status = serializers.ChoiceField(choices=Booking.Status.choices)
    service = NamedShape()
    location = NamedShape()
    mode = serializers.ChoiceField(choices=Mode.choices)
    hold_expires_at = instant_field(allow_null=True)
    confirmed_at = instant_field(allow_null=True)
    created_at = instant_field()
    people = PersonShape(many=True)


def with_people(rows: QuerySet[Booking], *, by: Actor) -> QuerySet[Booking]:
    """Load the rows that `booking_json` needs, as far as `by` may see them."""
    clients = Prefetch("client", queryset=visible_to(Client, by))
    people = visible_to(Participant, by).prefetch_related(clients).order_by("track")
    return rows.select_related("service", "location").prefetch_related(
        Prefetch("participants", queryset=people, to_attr="people")
    )


def booking_json(row: Booking) -> Json:
    """JSON of a booking loaded by `with_people`."""
    people: list[Participant] = getattr(row, "people")  # noqa: B009 (set by the prefetch)
    held = row.hold_expires_at if row.status == Booking.Status.HELD else None
    return {
        "reference": row.reference,
        "kind": row.kind,
        "status": row.status,
        "service": name_json(row.service),
        "location": name_json(row.location),
        "mode": row.mode,
        "hold_expires_at": instant_json(held, row.location) if held else None,
        "confirmed_at": instant_json(row.confirmed_at, row.location) if row.confirmed_at else None,
        "created_at": instant_json(row.created_at, row.location),
        "people": [
            {
                "track": person.track,
                "client": person.client.pk if person.client else None,
                "name": person.client.name_to_use if person.client else None,
            }
            for person in people
        ],
    }


class ContactShape(serializers.Serializer):
    """How a person may be reached."""

    email = serializers.BooleanField()
    text = serializers.BooleanField()
    call = serializers.BooleanField()
    voicemail = serializers.ChoiceField(choices=Client.Voicemail.choices)
    safe_times = serializers.CharField()
    address_is_shared = serializers.ChoiceField(choices=Client.Shared.choices)
    wording = serializers.ChoiceField(choices=Client.Wording.choices)


class ClientShape(serializers.Serializer):
    """A client, without the data for statements and emergencies, which is not part of the API."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    zone = serializers.CharField()
    contact = ContactShape()


def client_json(row: Client) -> Json:
    """JSON of a client for staff."""
    return {
        "id": row.pk,
        "name": row.name_to_use,
        "email": row.email,
        "phone": str(row.phone),
        "zone": row.zone,
        "contact": {
            "email": row.may_email,
            "text": row.may_text,
            "call": row.may_call,
            "voicemail": row.voicemail,
            "safe_times": row.safe_times,
            "address_is_shared": row.address_is_shared,
            "wording": row.wording,
        },
    }
