"""Weekly rules in wall time, and their expansion into UTC spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from scheduling.availability.timegrid.grid import Span, coalesced
from scheduling.availability.timegrid.walltime import DAY_MINUTES, day_start, stretches

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Hours of one weekday, every `every_n_weeks` weeks.

    `weekday`: 0 is Monday. `starts_minute`, `ends_minute`: wall minutes after local midnight. An end of 1440 is the
    midnight that ends the day (F36); a later end runs into the next day. `anchor`: any date of a week in which the rule
    holds, required if `every_n_weeks` is more than 1. The rule holds on dates d with `valid_from` <= d < `valid_until`;
    None leaves that side open. `services`: ids of the only services it applies to, None for all.

    Raises ValueError for a rule that can never hold.
    """

    weekday: int
    starts_minute: int
    ends_minute: int
    every_n_weeks: int = 1
    anchor: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    services: frozenset[int] | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6 or self.every_n_weeks < 1:
            raise ValueError("a rule needs a weekday from 0 to 6 and at least every week")
        if not 0 <= self.starts_minute < DAY_MINUTES:
            raise ValueError("hours start on their own day")
        if not self.starts_minute < self.ends_minute <= self.starts_minute + DAY_MINUTES:
            raise ValueError("hours end after they start and last at most a day")
        if self.every_n_weeks > 1 and self.anchor is None:
            raise ValueError("a rule for every second week or less needs a week to count from")

    def serves(self, service: int | None) -> bool:
        """True if the rule applies to the service with id `service` (None: to any)."""
        return service is None or self.services is None or service in self.services

    def days(self, first: date, until: date) -> Iterator[date]:
        """The local dates in [`first`, `until`) on which the rule holds."""
        low = max(first, self.valid_from) if self.valid_from else first
        high = min(until, self.valid_until) if self.valid_until else until
        day = low + timedelta(days=(self.weekday - low.weekday()) % 7)
        if self.anchor is not None and day < high:
            anchored = self.anchor + timedelta(days=self.weekday - self.anchor.weekday())
            day += _WEEK * (-((day - anchored).days // 7) % self.every_n_weeks)
        while day < high:
            yield day
            day += _WEEK * self.every_n_weeks


def expand(
    rules: Iterable[WeeklyRule], zone: ZoneInfo, first: date, until: date, service: int | None = None
) -> list[Span]:
    """The UTC spans in which any of `rules` holds, within the local dates [`first`, `until`) of `zone`.

    They are in order of time, touching ones joined. At a clock change, a skipped hour is left out and an hour shown
    twice counts twice (F26, F28, F33). A rule of the day before `first` that runs past midnight is included.
    """
    if first >= until:
        return []
    low, high = day_start(first, zone), day_start(until, zone)
    found = []
    for rule in rules:
        if rule.serves(service):
            for day in rule.days(first - timedelta(days=1), until):
                for start, end in stretches(day, rule.starts_minute, rule.ends_minute, zone):
                    if start < high and end > low:
                        found.append(Span(max(start, low), min(end, high)))
    return coalesced(found)
