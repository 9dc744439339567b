"""Where the desk finds nothing free: until when one can book, and what to try."""

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
    """A window without openings that began on `first`; `last` is the last date on which anything can start.

    `next_on`: the first later date with one, which `next` shows. `others`: the service has an office of this desk
    besides the one looked at.
    """

    draft: Draft
    wish: dict[str, Any]
    first: date
    last: date
    next_on: date | None
    others: bool

    @property
    def next(self) -> str:
        """The address of the next free day; empty if there is none."""
        return self.draft.but(since=self.next_on.isoformat()).address if self.next_on else ""

    @property
    def words(self) -> str:
        """Until when one can book."""
        told = {"service": self.wish["service"].name, "first": long_date(self.first), "last": long_date(self.last)}
        if self.first >= self.last:
            return _("%(service)s can be booked only until %(last)s for now.") % told
        return _("%(service)s can be booked until %(last)s. Nothing is free from %(first)s onward.") % told

    @property
    def ways(self) -> str:
        """“Try anyone available, another office, another way to meet or an earlier date.” of what there is."""
        service: Service = self.wish["service"]
        found = [
            (self.wish["who"] is not None, _("anyone available")),
            (self.others, _("another office")),
            (len(service.modes) > 1 and bool(self.wish["mode"]), _("another way to meet")),
            (bool(self.draft.since), _("an earlier date")),
        ]
        *most, last = [words for there, words in found if there] or [""]
        ways = _("%(ways)s or %(last)s") % {"ways": ", ".join(most), "last": last} if most else last
        return _("Try %(ways)s.") % {"ways": ways} if ways else _("See below what stands in the way of a date.")
