"""Rooms, travel times, ledger entries and work items in answers to staff."""

from __future__ import annotations

from rest_framework import serializers

from backend.worklist.models import WorkItem
from billing.models import LedgerEntry
from billing.money import Money
from scheduling.models import Location, Room, TravelTime

from .common import Json, MoneyShape, NamedShape, instant_field, instant_json, money_json, name_json


class RoomNameShape(serializers.Serializer):
    """A room with the id that queries use."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class RoomShape(RoomNameShape):
    """A bookable room."""

    location = NamedShape()
    capacity = serializers.IntegerField(help_text="People, the clinician included.")
    features = serializers.ListField(child=serializers.CharField())


def room_json(row: Room) -> Json:
    """JSON of a room whose location is loaded."""
    return {
        "id": row.pk,
        "name": row.name,
        "location": name_json(row.location),
        "capacity": row.capacity,
        "features": row.features,
    }


class TravelTimeShape(serializers.Serializer):
    """Minutes from one office to another. The opposite direction has its own row."""

    to = NamedShape()
    minutes = serializers.IntegerField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from` here, because it is a keyword in Python."""
        return {"from": NamedShape(), **super().get_fields()}


def travel_time_json(row: TravelTime) -> Json:
    """JSON of a travel time whose offices are loaded."""
    return {"from": name_json(row.origin), "to": name_json(row.destination), "minutes": row.minutes}


class LedgerShape(serializers.Serializer):
    """A ledger entry: negative for a charge or a refund, positive for a payment or a waiver."""

    id = serializers.IntegerField()
    booking = serializers.CharField(help_text="Reference")
    appointment = serializers.IntegerField(allow_null=True)
    kind = serializers.ChoiceField(choices=LedgerEntry.Kind.choices)
    amount = MoneyShape()
    note = serializers.CharField()
    at = instant_field()


def entry_json(row: LedgerEntry) -> Json:
    """JSON of a ledger entry whose booking and location are loaded."""
    return {
        "id": row.pk,
        "booking": row.booking.reference,
        "appointment": row.appointment_id,
        "kind": row.kind,
        "amount": money_json(Money(row.amount_cents, row.currency)),
        "note": row.note,
        "at": instant_json(row.at, row.booking.location),
    }


class WorkItemShape(serializers.Serializer):
    """Something a person must look at."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=WorkItem.Kind.choices)
    words = serializers.CharField()
    subject = serializers.CharField()
    subject_id = serializers.CharField()
    location = NamedShape(allow_null=True, help_text="Whose desk it is; null: the owner's.")
    opened_at = serializers.DateTimeField(help_text="With the location's offset, else UTC.")


def item_json(row: WorkItem, locations: dict[int, Location]) -> Json:
    """JSON of a work item. `locations`: by id."""
    location = locations.get(row.location_id or 0)
    return {
        "id": row.pk,
        "kind": row.kind,
        "words": row.words,
        "subject": row.subject,
        "subject_id": row.subject_id,
        "location": name_json(location) if location else None,
        "opened_at": instant_json(row.opened_at, location) if location else row.opened_at.isoformat(timespec="seconds"),
    }
