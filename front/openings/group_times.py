"""Groups as pages show them: dates, hours, clinicians and seats left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.queries.quotes import Quote
from front.openings.dates import by_month, dates_of, rhythm
from front.openings.fee import Fee
from front.openings.times import names_of
from front.templatetags.when import hours_span
from scheduling.models import Mode
from scheduling.queries.openings.opening import Opening

SHOWN = 8


@dataclass(frozen=True)
class GroupTime:
    """A group with a seat left on all of its dates."""

    opening: Opening
    quote: Quote | None

    @property
    def fee(self) -> Fee | None:
        return Fee(self.opening, self.quote) if self.quote else None

    @property
    def dates(self) -> list[date]:
        return dates_of(self.opening)

    @property
    def words(self) -> str:
        """“6 Tuesdays from March 2”, or its only date."""
        return rhythm(self.dates)

    @property
    def further(self) -> str:
        """All dates by month; empty if there is only one."""
        return by_month(self.dates) if self.opening.further else ""

    @property
    def hours(self) -> str:
        return hours_span(self.opening.starts_at, self.opening.ends_at, self.opening.location)

    @property
    def where(self) -> str:
        words = {Mode.ONLINE.value: _("Online"), Mode.PHONE.value: _("By phone")}
        return words.get(self.opening.mode, self.opening.location.name)

    @property
    def people(self) -> str:
        return names_of(self.opening)

    @property
    def seats(self) -> str:
        """“3 seats left”."""
        left = self.opening.seats_left or 0
        return ngettext("%(count)d seat left", "%(count)d seats left", left) % {"count": left}


def group_times(openings: Sequence[Opening], quotes: dict[str, Quote]) -> list[GroupTime]:
    """The first eight groups, and all others that begin on the date of the eighth, so that later dates follow it."""
    groups = [GroupTime(opening, quotes.get(opening.id)) for opening in openings]
    last = groups[:SHOWN][-1].dates[0] if groups else None
    return [one for one in groups if last is not None and one.dates[0] <= last]
