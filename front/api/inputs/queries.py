"""Query parameters, one serializer for each call. Dates are local; `to` is exclusive."""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework import serializers

from scheduling.models import Mode
from scheduling.operations.bookings.hold import MOST_DIRECT_STARTS
from scheduling.queries.openings.listing import LONGEST_DAYS
from scheduling.queries.openings.series import MOST_WEEKS_BETWEEN

from .bookings import LONGEST_OPENING
from .fields import LocalDate, LocalDates, Moves, Reference, Slug, Strict, Text

LARGEST_KEY = 2**63 - 1
MOST_TEAMS = 5


class Window(Strict):
    """The parameters `from` and `to`."""

    dates_required = False

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add the two dates here, because `from` is a keyword in Python; then the fields of the subclass."""
        words = f"At most {LONGEST_DAYS} days after `from`."
        dates: dict[str, serializers.Field] = {
            "from": LocalDate(required=self.dates_required, help_text="The first local date."),
            "to": LocalDate(required=self.dates_required, help_text=f"The local date after the last. {words}"),
        }
        return dates | super().get_fields()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a window that is empty, reversed or longer than 186 days."""
        first, until = attrs.get("from"), attrs.get("to")
        if isinstance(first, date) and isinstance(until, date):
            if until <= first:
                raise serializers.ValidationError({"to": ["The last date must come after the first."]})
            if (until - first).days > LONGEST_DAYS:
                raise serializers.ValidationError({"to": [f"Ask for at most {LONGEST_DAYS} days at a time."]})
        return attrs


class OpeningsQuery(Window):
    """A search for openings."""

    dates_required = True
    location = Slug(required=False)
    clinician = Slug(required=False)
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
    gender = Text(
        required=False,
        max_length=20,
        help_text="Of the clinician. In a program a wish, for every role where it can be.",
    )
    teams = serializers.IntegerField(
        min_value=1,
        max_value=MOST_TEAMS,
        default=1,
        help_text="Of a program: how many teams to choose from for each start and office, the best first.",
    )


class SeriesQuery(Strict):
    """The dates of a series."""

    opening = Text(max_length=LONGEST_OPENING, help_text="The `id` of the opening that the series begins with.")
    times = serializers.IntegerField(min_value=2, max_value=MOST_DIRECT_STARTS)
    every = serializers.IntegerField(min_value=1, max_value=MOST_WEEKS_BETWEEN, default=1, help_text="Weeks.")
    skip = LocalDates(required=False, help_text="Local dates to leave out, like `2027-02-09,2027-02-23`.")
    move = Moves(
        required=False,
        help_text="Other starts for some dates, like `2027-02-09/2027-02-10T15:00:00-06:00`, with commas.",
    )


class Paged(Strict):
    """The page of a list."""

    page = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)
    page_size = serializers.IntegerField(min_value=1, max_value=500, required=False)


class AppointmentsQuery(Window, Paged):
    """Appointments that start on the local dates of their location."""

    location = Slug(required=False)
    clinician = Slug(required=False)
    room = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False, help_text="A room's `id`.")


class LedgerQuery(Paged):
    """Ledger entries of one booking, or all."""

    booking = Reference(required=False)
