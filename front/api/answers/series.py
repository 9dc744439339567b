"""Series in answers."""

from __future__ import annotations

from datetime import datetime

from rest_framework import serializers

from billing.queries.quotes import costs
from scheduling.models import Location, Mode
from scheduling.queries.openings.series import Occurrence, Series

from .common import Json, MoneyShape, NamedShape, instant_field, instant_json, money_json, name_json


class OccurrenceShape(serializers.Serializer):
    """One date. `starts_at` is null if clocks skip that time on that day, or show it twice."""

    date = serializers.DateField()
    starts_at = instant_field(allow_null=True)
    clash = serializers.CharField(help_text="Why it cannot be booked; empty if it can.")
    alternatives = serializers.ListField(
        child=instant_field(), help_text="The nearest starts of the same week, of the same clinician, place and mode."
    )


class SeriesShape(serializers.Serializer):
    """A series. Post its `id` to `bookings/`; it is null until every date in conflict is skipped or moved."""

    id = serializers.CharField(allow_null=True)
    location = NamedShape()
    mode = serializers.ChoiceField(choices=Mode.choices)
    clinicians = NamedShape(many=True)
    every = serializers.IntegerField(help_text="Weeks.")
    price = MoneyShape(allow_null=True, help_text="Of all dates that can be booked.")
    deposit = MoneyShape(allow_null=True, help_text="What is due at booking, of the price.")
    occurrences = OccurrenceShape(many=True)


def series_json(series: Series, *, now: datetime) -> Json:
    """JSON of a series with its price."""
    opening = series.opening
    cost = costs([opening], now=now).get(opening.id)
    return {
        "id": None if any(one.clash for one in series.occurrences) else opening.id,
        "location": name_json(opening.location),
        "mode": opening.mode,
        "clinicians": [name_json(clinician) for clinician in opening.clinicians],
        "every": series.every_n_weeks,
        "price": money_json(cost.price if cost else None),
        "deposit": money_json(cost.deposit if cost else None),
        "occurrences": [_occurrence_json(one, opening.location) for one in series.occurrences],
    }


def _occurrence_json(one: Occurrence, location: Location) -> Json:
    return {
        "date": one.date.isoformat(),
        "starts_at": None if one.starts_at is None else instant_json(one.starts_at, location),
        "clash": one.clash,
        "alternatives": [instant_json(start, location) for start in one.alternatives],
    }
