"""The public catalog in answers: offices and services."""

from __future__ import annotations

from rest_framework import serializers

from billing.queries.quotes import FromPrice
from scheduling.models import Location, Mode, Service

from .common import Json, MoneyShape, NamedShape, money_json, name_json


class LocationShape(NamedShape):
    """An office."""

    street = serializers.CharField()
    city = serializers.CharField()
    state = serializers.CharField()
    postal_code = serializers.CharField()
    phone = serializers.CharField(help_text="E.164")
    zone = serializers.CharField(help_text="The time zone whose calendar its dates are on.")


def location_json(location: Location) -> Json:
    """JSON of an office for the public."""
    return name_json(location) | {
        "street": location.street,
        "city": location.city,
        "state": location.state,
        "postal_code": location.postal_code,
        "phone": str(location.phone),
        "zone": location.zone,
    }


class ServiceShape(NamedShape):
    """A service that can be booked. Either `days` (a program) or `duration_minutes` is set."""

    summary = serializers.CharField()
    line = serializers.ChoiceField(choices=Service.Line.choices)
    party = serializers.ChoiceField(choices=Service.Party.choices)
    days = serializers.IntegerField(allow_null=True)
    duration_minutes = serializers.IntegerField(allow_null=True)
    modes = serializers.ListField(child=serializers.ChoiceField(choices=Mode.choices))
    booking_mode = serializers.ChoiceField(choices=Service.BookingMode.choices)
    price = MoneyShape(allow_null=True, help_text="From; it depends on the clinician's level.")
    deposit = MoneyShape(allow_null=True, help_text="What is due at booking, of that price.")
    locations = NamedShape(many=True)


def service_json(service: Service, prices: dict[int, FromPrice]) -> Json:
    """JSON of a service whose program and locations are loaded."""
    found = prices.get(service.pk)
    return name_json(service) | {
        "summary": service.summary,
        "line": service.line,
        "party": service.party,
        "days": service.program.days if service.is_program else None,
        "duration_minutes": service.duration_minutes,
        "modes": service.modes,
        "booking_mode": service.booking_mode,
        "price": money_json(found.price if found else None),
        "deposit": money_json(found.deposit if found else None),
        "locations": [name_json(location) for location in service.locations.all()],
    }
