"""Words for a search of the desk without openings: the last bookable date, and what else to try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from scheduling.formats import long_date
from scheduling.models import Service

from .draft import Draft


@dataclass(frozen=True)
class Nothing:
    """A window without openings. `first`: its first date. `last`: the last date on which the service can be booked.

    `next_on`: first later date with an opening, or None. `others`: another office of this desk has the service.
    """

    draft: Draft
    criteria: dict[str, Any]
    first: date
    last: date
    next_on: date | None
    others: bool

    @property
    def next(self) -> str:
        """Address of the page with the next opening; empty if there is none."""
        return self.draft.but(since=self.next_on.isoformat()).address if self.next_on else ""

    @property
    def words(self) -> str:
        """Sentence about the last bookable date."""
        values = {
            "service": self.criteria["service"].name,
            "first": long_date(self.first),
            "last": long_date(self.last),
        }
        if self.first >= self.last:
            return _("%(service)s can be booked only until %(last)s for now.") % values
        return _("%(service)s can be booked until %(last)s. Nothing is free from %(first)s onward.") % values

    @property
    def ways(self) -> str:
        """“Try anyone available, another office or an earlier date.”, with the choices that this search has."""
        service: Service = self.criteria["service"]
        found = [
            (self.criteria["who"] is not None, _("anyone available")),
            (self.others, _("another office")),
            (len(service.modes) > 1 and bool(self.criteria["mode"]), _("another way to meet")),
            (bool(self.draft.since), _("an earlier date")),
        ]
        *most, last = [words for there, words in found if there] or [""]
        ways = _("%(ways)s or %(last)s") % {"ways": ", ".join(most), "last": last} if most else last
        return _("Try %(ways)s.") % {"ways": ways} if ways else _("See below what stands in the way of a date.")
