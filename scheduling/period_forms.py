"""Forms of the plain admin for a period typed in wall time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from psycopg.types.range import Range

from scheduling.availability.timegrid.walltime import to_instant
from scheduling.formats import comes_twice

from .models import Location
from .models.time_rules import FIRST_YEAR, LAST_YEAR

TYPED = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?) ?([+-]\d\d:\d\d)?", re.ASCII)
FORMAT_HELP = "Write a date and a time like 2027-11-08 09:00."
ZONE_HELP = "Local time of the clinician or office. Add an offset to give an exact instant: 2027-11-08 09:00 -06:00."


class PeriodForm(forms.ModelForm):
    """`starts` and `ends` of a row's `during`, in the wall time of its clinician, room or location.

    A time that does not exist or exists twice is refused with a message unless its offset is given (F28, F29).
    """

    starts = forms.CharField(max_length=40, help_text=ZONE_HELP)
    ends = forms.CharField(max_length=40, help_text=ZONE_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.during is not None:
            zone = _zone({name: getattr(self.instance, name, None) for name in ("clinician", "room", "location")})
            self.initial["starts"] = _typed(self.instance.during.lower, zone)
            self.initial["ends"] = _typed(self.instance.during.upper, zone)

    def clean(self) -> dict[str, Any]:
        """Set the row's period, in the time zone of the cleaned fields."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        zone = _zone(data)
        starts, ends = self._instant("starts", zone), self._instant("ends", zone)
        if starts and ends and starts < ends:
            self.instance.during = Range(starts, ends, "[)")
        elif starts and ends:
            self.add_error("ends", "The end must be after the start.")
        return data

    def _instant(self, name: str, zone: ZoneInfo) -> datetime | None:
        if name not in self.cleaned_data:
            return None
        try:
            return instant_of(self.cleaned_data[name], zone)
        except ValueError as error:
            self.add_error(name, str(error))
            return None


def instant_of(text: str, zone: ZoneInfo) -> datetime:
    """The UTC instant of “2027-11-08 09:00” in `zone`, or of the same text with an offset.

    Raises ValueError, with a message for the form, for another format, a year out of range, or a local time that
    does not exist or exists twice.
    """
    shape = TYPED.fullmatch(text.strip())
    if shape is None:
        raise ValueError(FORMAT_HELP)
    try:
        given = datetime.fromisoformat(f"{shape[1]}T{shape[2]}{shape[3] or ''}")
    except ValueError as error:
        raise ValueError(FORMAT_HELP) from error
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise ValueError(f"Use a year from {FIRST_YEAR} to {LAST_YEAR}.")
    return given.astimezone(UTC) if given.tzinfo else to_instant(given, zone)


def _typed(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    text = local.isoformat(" ", "seconds" if local.second else "minutes")
    return f"{text[:-6]} {text[-6:]}" if comes_twice(local) else text[:-6]


def _zone(fields: Mapping[str, Any]) -> ZoneInfo:
    """The time zone of the clinician, else of the room or location, else of the first office."""
    if clinician := fields.get("clinician"):
        return ZoneInfo(clinician.zone)
    room = fields.get("room")
    place = (room.location if room else fields.get("location")) or Location.objects.order_by("pk").first()
    return place.tzinfo if place else ZoneInfo("America/Chicago")
