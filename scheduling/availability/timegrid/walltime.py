"""Conversion of wall time to UTC: the only place where a local date and time becomes an instant (promise 12).

Rules are stored in wall time, events as UTC instants. Differences are taken between UTC instants only, because adding
to an aware local time loses its fold (PEP 495; F31).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduling.formats import short_moment

DAY_MINUTES = 1440
_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)
# No zone is further from UTC than this.
_FARTHEST = timedelta(hours=16)

Stretch = tuple[datetime, datetime]


class WallTimeError(ValueError):
    """A local time that does not name exactly one instant. `str()` can be shown to a person."""


class NonexistentTime(WallTimeError):
    """A local time that the clocks skip (F28)."""


class AmbiguousTime(WallTimeError):
    """A local time that the clocks show twice (F29)."""


def instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The UTC instant at `minutes` of wall time after local midnight of `day`; 1440 is the midnight that ends it.

    Raises NonexistentTime or AmbiguousTime, in words a person can act on (F28, F29).
    """
    return to_instant(_wall(day, minutes), zone)


def to_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant at which clocks in `zone` show the naive `local`.

    Raises NonexistentTime or AmbiguousTime, and ValueError for an aware `local`.
    """
    if local.tzinfo is not None:
        raise ValueError("this datetime already names an instant")
    first, second = _offsets(local, zone)
    if first < second:
        raise NonexistentTime(
            f"{short_moment(local, with_year=True)} does not exist in {zone.key}: the clocks go forward past it. "
            "Choose another time."
        )
    if first > second:
        raise AmbiguousTime(
            f"{short_moment(local, with_year=True)} happens twice in {zone.key}: the clocks go back over it. "
            f"Choose another time, or give it with its offset, {_named(local, zone, 0)} or {_named(local, zone, 1)}."
        )
    return (local - first).replace(tzinfo=UTC)


@lru_cache(maxsize=16384)
def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The UTC instant at which `day` begins in `zone`: the jump if midnight is skipped, the first if it comes twice."""
    local = _wall(day, 0)
    return (local - _offsets(local, zone)[0]).replace(tzinfo=UTC)


@lru_cache(maxsize=16384)
def plain_day(day: date, zone: ZoneInfo) -> bool:
    """True if the clocks of `zone` do not change on `day`, so that wall minutes equal elapsed minutes."""
    return (day_start(day + timedelta(days=1), zone) - day_start(day, zone)) == timedelta(days=1) and (
        _offsets(_wall(day, 0), zone)[0] == _offsets(_wall(day + timedelta(days=1), 0), zone)[0]
    )


def stretches(day: date, starts: int, ends: int, zone: ZoneInfo) -> list[Stretch]:
    """The UTC (start, end) stretches whose wall time lies in [`starts`, `ends`) minutes after midnight of `day`.

    This is the lenient reading, for weekly rules: an hour that the clocks skip is left out, an hour that they show
    twice counts both times (F26, F28). `ends` may pass 1440.
    """
    days = range(starts // DAY_MINUTES, (ends - 1) // DAY_MINUTES + 1)
    if all(plain_day(day + timedelta(days=n), zone) for n in days):
        midnight = day_start(day, zone)
        return [(midnight + timedelta(minutes=starts), midnight + timedelta(minutes=ends))]
    return _stretches_over_change(_wall(day, starts), _wall(day, ends), zone)


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The local date in `zone` at the instant `at`."""
    return at.astimezone(zone).date()


def _stretches_over_change(first: datetime, last: datetime, zone: ZoneInfo) -> list[Stretch]:
    found: list[Stretch] = []
    low, high = first.replace(tzinfo=UTC) - _FARTHEST, last.replace(tzinfo=UTC) + _FARTHEST
    for start, end, offset in _steady(low, high, zone):
        a = max(start, first.replace(tzinfo=UTC) - offset)
        b = min(end, last.replace(tzinfo=UTC) - offset)
        if a < b and found and found[-1][1] == a:
            found[-1] = (found[-1][0], b)
        elif a < b:
            found.append((a, b))
    return found


def _steady(low: datetime, high: datetime, zone: ZoneInfo) -> list[tuple[datetime, datetime, timedelta]]:
    # Pieces of [low, high) with one UTC offset each.
    pieces, start, offset = [], low, _offset_at(low, zone)
    at = low
    while at < high:
        ahead = min(at + _HOUR, high)
        if _offset_at(ahead, zone) != offset:
            change = _change_between(at, ahead, zone)
            pieces.append((start, change, offset))
            start, offset = change, _offset_at(change, zone)
        at = ahead
    return [*pieces, (start, high, offset)]


def _change_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    # Binary search for the first instant after `low` with the offset of `high`, to the second.
    after = _offset_at(high, zone)
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if _offset_at(middle, zone) == after:
            high = middle
        else:
            low = middle
    return high


def _wall(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time.min) + timedelta(minutes=minutes)


def _offsets(local: datetime, zone: ZoneInfo) -> tuple[timedelta, timedelta]:
    # Offsets for fold 0 and fold 1 (PEP 495). They differ only if the clocks skip this wall time or show it twice.
    at = local.replace(tzinfo=zone, fold=0)
    return _known(at.utcoffset()), _known(at.replace(fold=1).utcoffset())


def _offset_at(at: datetime, zone: ZoneInfo) -> timedelta:
    return _known(at.astimezone(zone).utcoffset())


def _known(offset: timedelta | None) -> timedelta:
    if offset is None:
        raise ValueError("the time zone gives no offset")
    return offset


def _named(local: datetime, zone: ZoneInfo, fold: int) -> str:
    at = local.replace(tzinfo=zone, fold=fold)
    return f"{at:%Z} ({at.isoformat()[-6:]})"
