"""Words for a page without free times: the dates searched, and where else to look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from scheduling.formats import long_date
from scheduling.models import Mode

from .ask import Ask
from .choices import modes_of, places_of


@dataclass(frozen=True)
class NothingFree:
    """An empty window from `since`. `next_on`: see `Openings`. `besides`: this visitor holds a time already."""

    ask: Ask
    since: date
    next_on: date | None
    besides: bool

    @property
    def words(self) -> str:
        """“No times are free from … to ….”; if nothing later is free either, also the last bookable date."""
        if self.next_on is None:
            values = {"nothing": self._nothing, "first": long_date(self.since), "last": long_date(self.ask.last)}
            if self.since >= self.ask.last:
                return _("Nothing after %(last)s can be booked yet.") % values
            if self.since > self.ask.today:
                return _("%(nothing)s from %(first)s to %(last)s. Nothing later can be booked yet.") % values
            return _("%(nothing)s until %(last)s. Nothing later can be booked yet.") % values
        last = min(self.since + self.ask.window - timedelta(days=1), self.ask.last)
        words = _("%(nothing)s from %(first)s to %(last)s.")
        return words % {"nothing": self._nothing, "first": long_date(self.since), "last": long_date(last)}

    @property
    def _nothing(self) -> str:
        if self.ask.is_group:
            return _("No other group has a seat left") if self.besides else _("No group has a seat left")
        if self.ask.service.is_program:
            return _("No other days are free") if self.besides else _("No days are free")
        return _("No other times are free") if self.besides else _("No times are free")

    @property
    def elsewhere(self) -> str:
        """“Look for times at another office, online or by phone”, with the choices of this service; else empty."""
        *most, last = self._ways() or [""]
        ways = _("%(ways)s or %(last)s") % {"ways": ", ".join(most), "last": last} if most else last
        return _("Look for times %(ways)s") % {"ways": ways} if ways else ""

    def _ways(self) -> list[str]:
        here, modes = self.ask.place, modes_of(self.ask.service)
        offices = places_of(self.ask.service) if Mode.OFFICE in modes else []
        ways = []
        if here.mode != Mode.OFFICE and offices:
            ways.append(_("at one of our offices") if len(offices) > 1 else _("at our office"))
        elif here.location is not None and len(offices) > 1:
            ways.append(_("at another office"))
        if Mode.ONLINE in modes and here.mode != Mode.ONLINE:
            ways.append(_("online"))
        if Mode.PHONE in modes and here.mode != Mode.PHONE:
            ways.append(_("by phone"))
        return ways
