"""A wall time that repeats every n weeks: its dates, and the UTC instant on each."""

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
# How far ahead the dates of a standing appointment are generated.
STANDING_AHEAD = 26 * _WEEK


class Occurrence(NamedTuple):
    """One date of a pattern and the UTC instant of its wall time on that date.

    `start` is None if clocks skip that wall time or show it twice that day; `fault` then says so in words (F28, F29).
    """

    day: date
    start: datetime | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """`minute` wall minutes after local midnight of `zone`, on `first_on` and every `every_n_weeks` weeks after it.

    Raises ValueError if `every_n_weeks` is less than 1.
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
        """The pattern whose first occurrence is at the aware instant `start`, read on the clocks of `zone`."""
        local = start.astimezone(zone)
        return cls(local.date(), local.hour * 60 + local.minute, every_n_weeks, zone)

    def dates(self, until: date) -> Iterator[date]:
        """The dates of the pattern before `until`, in order."""
        day = self.first_on
        while day < until:
            yield day
            day += self.every_n_weeks * _WEEK

    def on(self, day: date) -> Occurrence:
        """The occurrence on `day`. The wall time stays the same whatever the UTC offset of that day (F25)."""
        try:
            return Occurrence(day, instant(day, self.minute, self.zone))
        except WallTimeError as error:
            return Occurrence(day, None, str(error))

    def misses(self, starts: Sequence[datetime], until: date) -> list[date]:
        """Dates before `until` on which no start has the pattern's wall time: skipped, or held at another time."""
        local = {start.astimezone(self.zone) for start in starts}
        kept = {at.date() for at in local if at.hour * 60 + at.minute == self.minute}
        return [day for day in self.dates(until) if day not in kept]


def repeated(start: datetime, every_n_weeks: int, times: int | None, zone: ZoneInfo) -> list[Occurrence]:
    """`times` occurrences from `start` on; None for those within 26 weeks. The first is exactly `start` (F31)."""
    pattern = Pattern.of(start, every_n_weeks, zone)
    ahead = STANDING_AHEAD if times is None else (times - 1) * every_n_weeks * _WEEK + _DAY
    _, *further = pattern.dates(pattern.first_on + ahead)
    return [Occurrence(pattern.first_on, start), *map(pattern.on, further)]


def standing_pattern(starts: Sequence[datetime], every_n_weeks: int, zone: ZoneInfo) -> Pattern | None:
    """Recover the pattern of a standing appointment from its starts (UTC, in order), some of which may be moved.

    None unless each start is in a week of its own, a multiple of `every_n_weeks` after the first, and more than half of
    them share a weekday and wall time.
    """
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
