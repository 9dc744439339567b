"""What to ask about a date."""

from __future__ import annotations

from rest_framework import serializers

from scheduling.models import Mode

from .fields import LocalDate, Slug, Strict


class WhyNotQuery(Strict):
    """One local date at one location; for one clinician or in one mode, if only that would do."""

    date = LocalDate(help_text="The local date of the location.")
    location = Slug()
    clinician = Slug(required=False)
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
