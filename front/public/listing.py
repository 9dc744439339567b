"""The listing on the page of times: days with times, ranges of days, or groups, and the next page's first date."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from billing.money import Money
from billing.queries.quotes import costs, quotes
from front.openings.group_times import GroupTime, group_times
from front.openings.times import (
    Costs,
    Range,
    TileDay,
    cheapest_first,
    first_days,
    later_from,
    one_per_start,
    ranges,
    tile_days,
)
from scheduling.queries.openings.listing import Openings
from scheduling.queries.openings.opening import Opening

from .ask import Ask


@dataclass(frozen=True)
class Listing:
    """Openings of one window as the page shows them. At most one of `days`, `ranges` and `groups` is filled."""

    ask: Ask
    since: date
    found: Openings
    prices: set[Money]
    days: list[TileDay] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)
    groups: list[GroupTime] = field(default_factory=list)

    @property
    def first(self) -> Opening | None:
        return self.found.openings[0] if self.found.openings else None

    @property
    def price(self) -> Money | None:
        """The price if all openings cost the same, else None."""
        return next(iter(self.prices)) if len(self.prices) == 1 else None

    @property
    def later(self) -> date | None:
        """First date of the next page; None if nothing is listed or that date is past the last bookable one."""
        if self.first is None:
            return None
        shown = later_from(self.found.openings, self._shown, self.since + self.ask.window)
        return shown if shown <= self.ask.last else None

    @property
    def _shown(self) -> list[date]:
        groups = self.groups if len(self.groups) < len(self.found.openings) else []
        return [
            *(day.date for day in self.days),
            *(one.first_day for one in self.ranges),
            *(one.dates[0] for one in groups),
        ]


def listing_of(ask: Ask, *, since: date, held_on: date | None = None) -> Listing:
    """Find and price the openings of one window. `held_on`: see `tile_days`."""
    found = ask.find(since)
    if ask.is_session:
        shown = first_days(found.openings)
        priced = costs(shown, now=ask.now)
        listed = cheapest_first(shown, priced)
        if not ask.any_office:  # online, several offices may have the same start; the client needs one of them
            listed = one_per_start(listed)
        days = tile_days(listed, priced, since=since, by_start=True, held_on=held_on)
        return Listing(ask, since, found, _prices(priced), days=days)
    quoted = quotes(found.openings, now=ask.now)
    if ask.is_group:
        return Listing(ask, since, found, _prices(quoted), groups=group_times(found.openings, quoted))
    offered = ranges(cheapest_first(found.openings, quoted), quoted)
    return Listing(ask, since, found, _prices(quoted), ranges=offered)


def _prices(costs: Costs) -> set[Money]:
    return {cost.price for cost in costs.values()}
