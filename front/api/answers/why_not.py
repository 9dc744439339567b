"""Answers to “why not?”: obstacles of a date, and changes that open it."""

from __future__ import annotations

from datetime import datetime

from rest_framework import serializers

from scheduling.models import Location
from scheduling.queries.why_not.why_not import Change, Obstacle, WhyNot

from .common import Json, NamedShape, instant_field, instant_json, name_json
from .office import RoomNameShape
from .openings import OpeningShape, openings_json


class ObstacleShape(serializers.Serializer):
    """One obstacle. `reason`: a stable code. `block`: name of the program's block that it concerns, else empty."""

    reason = serializers.CharField()
    words = serializers.CharField(help_text="A sentence for staff. It names no client.")
    block = serializers.CharField(allow_blank=True)
    starts_at = instant_field(allow_null=True)
    ends_at = instant_field(allow_null=True)
    clinician = NamedShape(allow_null=True)
    room = RoomNameShape(allow_null=True)


class ChangeShape(serializers.Serializer):
    """A change that would open the date. `opening`: id to book, if it can be booked without further changes."""

    kind = serializers.CharField()
    words = serializers.CharField()
    opening = serializers.CharField(allow_null=True)


class WhyNotShape(serializers.Serializer):
    """Openings on the date, obstacles to other starts, and changes that open the date, the smallest first."""

    date = serializers.DateField()
    location = NamedShape()
    openings = OpeningShape(many=True)
    obstacles = ObstacleShape(many=True)
    changes = ChangeShape(many=True)


def why_not_json(found: WhyNot, *, now: datetime) -> Json:
    """JSON of the whole answer, with prices, in a fixed number of statements."""
    return {
        "date": found.date.isoformat(),
        "location": name_json(found.location),
        "openings": openings_json(found.openings, now=now),
        "obstacles": [_obstacle_json(one, found.location) for one in found.obstacles],
        "changes": [_change_json(one) for one in found.changes],
    }


def _obstacle_json(one: Obstacle, location: Location) -> Json:
    return {
        "reason": one.reason,
        "words": one.words,
        "block": one.block,
        "starts_at": instant_json(one.starts_at, location) if one.starts_at else None,
        "ends_at": instant_json(one.ends_at, location) if one.ends_at else None,
        "clinician": name_json(one.clinician) if one.clinician else None,
        "room": {"id": one.room.pk, "name": one.room.name} if one.room else None,
    }


def _change_json(one: Change) -> Json:
    return {"kind": one.kind, "words": one.words, "opening": one.opening.id if one.opening else None}
