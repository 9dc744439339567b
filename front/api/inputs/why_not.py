"""Query parameters of “why not?”."""

from __future__ import annotations

from rest_framework import serializers

from scheduling.models import Mode

from .fields import LocalDate, Slug, Strict


class WhyNotQuery(Strict):
    """One local date at one location, if needed for one clinician or one mode only."""

    date = LocalDate(help_text="The local date of the location.")
    location = Slug()
    clinician = Slug(required=False)
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
