"""A wall time that comes back every n weeks: its dates, and the instants that they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduling.availability.timegrid.masks import monday_of
from scheduling.availability.timegrid.walltime import WallTimeError, instant, local_date

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
# How far ahead a standing appointment is written down.
STANDING_AHEAD = 26 * _WEEK


class Occurrence(NamedTuple):
    """A date, and the UTC instant of the wall time on it: None if clocks never show it that day or show it twice, and
    then `fault` says so in words (F28, F29)."""

    day: date
    start: datetime | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """`minute` wall minutes after local midnight of `zone`, on `first_on` and every `every_n_weeks` weeks from it.

    Raises ValueError if it never moves on.
    """

    first_on: date
    minute: int
    every_n_weeks: int
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.every_n_weeks < 1:
            raise ValueError("a pattern comes back every week at most")

    @classmethod
    def of(cls, start: datetime, every_n_weeks: int, zone: ZoneInfo) -> Pattern:
        """The pattern whose first instant is `start`."""
        local = start.astimezone(zone)
        return cls(local.date(), local.hour * 60 + local.minute, every_n_weeks, zone)

    def dates(self, until: date) -> Iterator[date]:
        """The dates before `until`, rising."""
        day = self.first_on
        while day < until:
            yield day
            day += self.every_n_weeks * _WEEK

    def on(self, day: date) -> Occurrence:
        """The wall time on `day`, whatever the offset of that day: it is never shifted (F25)."""
        try:
            return Occurrence(day, instant(day, self.minute, self.zone))
        except WallTimeError as error:
            return Occurrence(day, None, str(error))

    def misses(self, starts: Sequence[datetime], until: date) -> list[date]:
        """Its dates before `until` on which none of `starts` has its wall time: left out, or held at another time."""
        local = {start.astimezone(self.zone) for start in starts}
        kept = {at.date() for at in local if at.hour * 60 + at.minute == self.minute}
        return [day for day in self.dates(until) if day not in kept]


def repeated(start: datetime, every_n_weeks: int, times: int | None, zone: ZoneInfo) -> list[Occurrence]:
    """`times` occurrences from `start` on, or those of 26 weeks if None. The first is exactly `start`."""
    pattern = Pattern.of(start, every_n_weeks, zone)
    ahead = STANDING_AHEAD if times is None else (times - 1) * every_n_weeks * _WEEK + _DAY
    _, *further = pattern.dates(pattern.first_on + ahead)
    return [Occurrence(pattern.first_on, start), *map(pattern.on, further)]


def standing_pattern(starts: Sequence[datetime], every_n_weeks: int, zone: ZoneInfo) -> Pattern | None:
    """The pattern of a standing appointment with these rising starts, some of which may be moved; None if they have
    none: more than half must be on it, and each in a week of its own, a multiple of `every_n_weeks` from the first."""
    mondays = [monday_of(local_date(start, zone)) for start in starts]
    weeks = [(monday - mondays[0]).days // 7 for monday in mondays]
    if len(set(weeks)) < len(weeks) or any(week % every_n_weeks for week in weeks):
        return None
    on_walls = Counter(_wall(start, zone) for start in starts)
    (weekday, minute), count = on_walls.most_common(1)[0]
    if 2 * count <= len(starts):
        return None
    return Pattern(mondays[0] + weekday * _DAY, minute, every_n_weeks, zone)


def _wall(start: datetime, zone: ZoneInfo) -> tuple[int, int]:
    local = start.astimezone(zone)
    return local.weekday(), local.hour * 60 + local.minute
