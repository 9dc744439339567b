"""Openings as pages show them: tiles by day for single visits, ranges of days for intensives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby, islice, takewhile

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.queries.quotes import FromPrice, Quote
from front.openings.dates import dates_of, rhythm
from front.templatetags.when import clock_at, days_span, hours_span, moment_at
from scheduling.formats import long_date
from scheduling.models import Mode
from scheduling.queries.openings.opening import Opening

SHOWN_DAYS, SHOWN_RANGES = 7, 8
WINDOW_DAYS, WINDOW_PROGRAM_DAYS = 14, 62

Costs = Mapping[str, Quote] | Mapping[str, FromPrice]


@dataclass(frozen=True)
class Tile:
    """One time on a day. `others`: tiles of other offices at the same start, none of them cheaper."""

    opening: Opening
    quote: Quote | FromPrice | None
    others: tuple[Tile, ...] = ()

    @property
    def clock(self) -> str:
        return clock_at(self.opening.starts_at, self.opening.location)

    @property
    def where(self) -> str:
        """“Plano”, “Plano or Frisco”, “Plano or 3 others”; the cheapest office comes first."""
        name = self.opening.location.name
        if not self.others:
            return name
        number = len(self.others)
        other = self.others[0].opening.location.name
        words = ngettext("%(name)s or %(other)s", "%(name)s or %(count)d others", number)
        return words % {"name": name, "other": other, "count": number}

    @property
    def price(self) -> str:
        """Price of the opening, with “from” if another office costs more; empty without a price."""
        if self.quote is None:
            return ""
        dearer = any(one.quote and one.quote.price != self.quote.price for one in self.others)
        price = str(self.quote.price)
        return _("from %(price)s") % {"price": price} if dearer else price


@dataclass(frozen=True)
class Part:
    """Morning, afternoon or evening; without a name if the day has few times."""

    name: str
    tiles: list[Tile]

    @property
    def count(self) -> str:
        return times_in_words(len(self.tiles))

    @property
    def ids(self) -> set[str]:
        return {tile.opening.id for tile in self.tiles}


@dataclass(frozen=True)
class TileDay:
    """A date with its times. `gap`: sentence about the days before it that have none."""

    date: date
    parts: list[Part]
    gap: str

    @property
    def words(self) -> str:
        return long_date(self.date)

    @property
    def count(self) -> str:
        return times_in_words(sum(len(part.tiles) for part in self.parts))


@dataclass(frozen=True)
class Range:
    """The days of one intensive."""

    opening: Opening
    quote: Quote | None

    @property
    def first_day(self) -> date:
        return self.opening.days[0].date

    @property
    def words(self) -> str:
        return days_span(self.opening.days[0].date, self.opening.days[-1].date)

    @property
    def people(self) -> str:
        """Name of the lead, and the number of other clinicians."""
        lead, *team = self.opening.clinicians
        if not team:
            return lead.name
        words = ngettext("%(lead)s and %(count)d more clinician", "%(lead)s and %(count)d more clinicians", len(team))
        return words % {"lead": lead.name, "count": len(team)}

    @property
    def days(self) -> list[tuple[str, str]]:
        """Date and hours of each day: “Monday, November 30”, “9:00 AM to 4:00 PM”."""
        place = self.opening.location
        return [(long_date(day.date), hours_span(day.starts_at, day.ends_at, place)) for day in self.opening.days]

    @property
    def hours(self) -> str:
        """Hours of the first day."""
        return self.days[0][1]


def times_in_words(number: int) -> str:
    """“3 times”."""
    return ngettext("%(count)d time", "%(count)d times", number) % {"count": number}


def cheapest_first(openings: Iterable[Opening], costs: Costs) -> list[Opening]:
    """Openings by start, then price, then name of the office. Openings without a price come last."""

    def order(opening: Opening) -> tuple[datetime, bool, int, str]:
        cost = costs.get(opening.id)
        return opening.starts_at, cost is None, cost.price.cents if cost else 0, opening.location.name

    return sorted(openings, key=order)


def one_per_start(openings: Iterable[Opening]) -> list[Opening]:
    """The first opening of each start. `openings` are in order of time."""
    return [next(iter(group)) for _start, group in groupby(openings, key=lambda opening: opening.starts_at)]


def first_days(openings: Sequence[Opening]) -> list[Opening]:
    """Openings of the first seven days that have any. `openings` are in order of time."""
    days = groupby(openings, key=_local_day)
    return [one for _day, group in islice(days, SHOWN_DAYS) for one in group]


def tile_days(
    openings: Sequence[Opening], costs: Costs, *, since: date, by_start: bool = False, held_on: date | None = None
) -> list[TileDay]:
    """At most seven days with times, in order. Empty days before each become one line.

    `by_start`: openings with the same start share one tile, under the first of them. `held_on`: local date of a time
    that this visitor holds, so that the line about empty days says “other times”.
    """
    days: list[TileDay] = []
    expected = since
    for day, group in groupby(first_days(openings), key=_local_day):
        tiles = [Tile(opening, costs.get(opening.id)) for opening in group]
        days.append(TileDay(day, _parts(_merged(tiles) if by_start else tiles), _gap(expected, day, held_on)))
        expected = day + timedelta(days=1)
    return days


def _merged(tiles: list[Tile]) -> list[Tile]:
    starts = [list(group) for _start, group in groupby(tiles, key=lambda tile: tile.opening.starts_at)]
    return [replace(first, others=tuple(others)) for first, *others in starts]


def ranges(openings: Sequence[Opening], quotes: dict[str, Quote]) -> list[Range]:
    """The first eight ranges, and all others that begin on the day of the eighth, so that later dates follow it."""
    most = openings[:SHOWN_RANGES]
    rest = takewhile(lambda one: _local_day(one) == _local_day(most[-1]), openings[SHOWN_RANGES:])
    return [Range(opening, quotes.get(opening.id)) for opening in (*most, *rest)]


def later_from(openings: Sequence[Opening], shown: Sequence[date], until: date) -> date:
    """First date of the next page: the day after the last one `shown` if `openings` has later days, else `until`.

    `until` is where the search ended, so no time is skipped.
    """
    has_more = bool(shown) and _local_day(openings[-1]) > shown[-1]
    return shown[-1] + timedelta(days=1) if has_more else until


@dataclass(frozen=True)
class Near:
    """An alternative to an opening that was lost."""

    opening: Opening
    quote: Quote | None

    @property
    def words(self) -> str:
        """“Tue, Nov 24, 11:00 AM”, the range of days, or “6 Tuesdays from March 2”."""
        if self.opening.days:
            return Range(self.opening, self.quote).words
        if self.opening.further:
            return rhythm(dates_of(self.opening))
        return moment_at(self.opening.starts_at, self.opening.location)

    @property
    def office(self) -> str:
        """Name of the office for a visit in person; else empty."""
        return self.opening.location.name if self.opening.mode == Mode.OFFICE else ""

    @property
    def people(self) -> str:
        return names_of(self.opening)


def near(openings: Iterable[Opening], quotes: dict[str, Quote]) -> list[Near]:
    """Alternatives in the order given, each with its quote."""
    return [Near(opening, quotes.get(opening.id)) for opening in openings]


def names_of(opening: Opening) -> str:
    """Names of the clinicians whom the first person meets: “Ana Brook and Eli Stone”.

    The clinicians whom only the partner meets are left out.
    """
    blocks = [block for day in opening.days for block in day.blocks if block.attends != "B"]
    people = dict.fromkeys(person for block in blocks for person in block.clinicians) or opening.clinicians
    *others, last = [person.name for person in people]
    return _("%(names)s and %(last)s") % {"names": ", ".join(others), "last": last} if others else last


def _local_day(opening: Opening) -> date:
    return opening.starts_at.astimezone(opening.location.tzinfo).date()


def _gap(expected: date, day: date, held_on: date | None) -> str:
    last = day - timedelta(days=1)
    if last < expected:
        return ""
    besides = held_on is not None and expected <= held_on <= last
    if last == expected:
        words = _("No other times on %(day)s") if besides else _("No times on %(day)s")
        return words % {"day": long_date(last)}
    words = _("No other times from %(first)s to %(last)s") if besides else _("No times from %(first)s to %(last)s")
    return words % {"first": long_date(expected), "last": long_date(last)}


def _parts(tiles: list[Tile]) -> list[Part]:
    """Group the times by part of the day if there are more than eight."""
    if len(tiles) <= 8:
        return [Part("", tiles)]
    return [Part(name, list(group)) for name, group in groupby(tiles, key=_part_of_day)]


def _part_of_day(tile: Tile) -> str:
    at: datetime = tile.opening.starts_at.astimezone(tile.opening.location.tzinfo)
    return _("Morning") if at.hour < 12 else _("Afternoon") if at.hour < 17 else _("Evening")
