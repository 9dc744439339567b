"""Choices for a repeated time while booking by phone. They are kept in the address, like the draft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from scheduling.opening_id import MOST_STARTS, OpeningId
from scheduling.queries.openings.series import Series

from .draft import Draft
from .forms import RepeatForm

SKIP = "skip"
NAME = re.compile(r"on-(\d{4}-\d{2}-\d{2})", re.ASCII)
MOMENT = "%Y-%m-%dT%H:%MZ"


@dataclass(frozen=True)
class Repeat:
    """A repeated time. `opening`: id of the first. `every`: weeks. `times`: None for a standing appointment.

    `skip`: local dates that are left out. `move`: local dates that are held at another start (UTC).
    """

    opening: str
    every: int
    times: int | None
    skip: frozenset[date] = frozenset()
    move: Mapping[date, datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, opening: str, form: RepeatForm, data: Mapping[str, Any] | None = None) -> Repeat:
        """Read a valid form. In `data`, a field such as `on-2027-03-09` skips or moves that date."""
        chosen = form.cleaned_data
        changes = list(_changes(data or {}))[:MOST_STARTS]
        return cls(
            opening=opening,
            every=chosen["every"],
            times=None if chosen["repeat"] == RepeatForm.OPEN else chosen["times"],
            skip=frozenset(day for day, moment in changes if moment is None),
            move={day: moment for day, moment in changes if moment is not None},
        )

    @property
    def filled(self) -> dict[str, str]:
        """Form fields without those of the dates."""
        kind = RepeatForm.OPEN if self.times is None else RepeatForm.TIMES
        fields = {"opening": self.opening, "repeat": kind, "every": str(self.every)}
        return fields if self.times is None else {**fields, "times": str(self.times)}

    def address(self, draft: Draft) -> str:
        """Address of the page that shows its dates."""
        dates = {name_of(day): SKIP for day in sorted(self.skip)}
        dates |= {name_of(day): value_of(at) for day, at in sorted(self.move.items())}
        return f"{reverse('desk:dates')}?{urlencode({**draft.filled, **self.filled, **dates})}"


def name_of(day: date) -> str:
    """Name of the form field of a date."""
    return f"on-{day.isoformat()}"


def value_of(at: datetime) -> str:
    """Form value of a start (UTC), to the minute."""
    return at.astimezone(UTC).strftime(MOMENT)


def _changes(data: Mapping[str, Any]) -> Any:
    """(date, start it moves to, or None if it is left out) for each valid field of a date; others are ignored."""
    for key in data:
        found = NAME.fullmatch(key)
        try:
            day = date.fromisoformat(found[1]) if found else None
            moment = None if data[key] == SKIP else datetime.strptime(data[key], MOMENT).replace(tzinfo=UTC)
        except ValueError:
            continue
        if day is not None and all(2000 <= one.year < 2200 for one in (day, moment or day)):
            yield day, moment


def pin_of(repeat: Repeat, found: Series) -> OpeningId | None:
    """Opening id of all dates, free or not. None if a date has no instant, because such dates were never held."""
    starts = sorted(one.starts_at for one in found.occurrences if one.starts_at is not None)
    if len(starts) < len(found.occurrences):
        return None
    first, *further = starts
    every = repeat.every if repeat.times is None else 0
    return replace(OpeningId.decode(repeat.opening), starts_at=first, further=tuple(further), every_n_weeks=every)
