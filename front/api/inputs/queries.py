"""Query parameters, one serializer a call. Dates are local, `to` is exclusive."""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework import serializers

from scheduling.models import Mode
from scheduling.queries.openings import LONGEST_DAYS

from .fields import LocalDate, Reference, Slug, Strict

LARGEST_KEY = 2**63 - 1


class Window(Strict):
    """`from` and `to`, which are no names in Python."""

    dates_required = False

    def get_fields(self) -> dict[str, serializers.Field]:
        """The two dates, then what the subclass declares."""
        words = f"At most {LONGEST_DAYS} days after `from`."
        dates: dict[str, serializers.Field] = {
            "from": LocalDate(required=self.dates_required, help_text="The first local date."),
            "to": LocalDate(required=self.dates_required, help_text=f"The local date after the last. {words}"),
        }
        return dates | super().get_fields()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a window that is empty, reversed or too long."""
        first, until = attrs.get("from"), attrs.get("to")
        if isinstance(first, date) and isinstance(until, date):
            if until <= first:
                raise serializers.ValidationError({"to": ["The last date must come after the first."]})
            if (until - first).days > LONGEST_DAYS:
                raise serializers.ValidationError({"to": [f"Ask for at most {LONGEST_DAYS} days at a time."]})
        return attrs


class OpeningsQuery(Window):
    """What to search for."""

    dates_required = True
    location = Slug(required=False)
    clinician = Slug(required=False)
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)


class Paged(Strict):
    """Which page of a list."""

    page = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)
    page_size = serializers.IntegerField(min_value=1, max_value=500, required=False)


class AppointmentsQuery(Window, Paged):
    """Appointments that start on the local dates of their location."""

    location = Slug(required=False)
    clinician = Slug(required=False)
    room = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False, help_text="A room's `id`.")


class LedgerQuery(Paged):
    """The lines of one booking, or all."""

    booking = Reference(required=False)
