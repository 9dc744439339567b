"""Wall time to instants: the one door through which a local date and time becomes UTC.

Rules live in wall time, instants in UTC; differences are taken between UTC instants only, because
adding to an aware local time forgets the fold (PEP 495; F31).
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
    """A local time that does not name exactly one instant. `str()` is fit to be shown to a person."""


class NonexistentTime(WallTimeError):
    """The clocks jump over this local time (F28)."""


class AmbiguousTime(WallTimeError):
    """The clocks show this local time twice (F29)."""


def instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The UTC instant `minutes` of wall time after local midnight of `day`; 1440 is the midnight at its end.

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
    """The UTC instant at which `day` begins in `zone`: after a skipped midnight the jump, of two the first."""
    local = _wall(day, 0)
    return (local - _offsets(local, zone)[0]).replace(tzinfo=UTC)


@lru_cache(maxsize=16384)
def plain_day(day: date, zone: ZoneInfo) -> bool:
    """True if the clocks of `zone` do not change on `day`, so that wall minutes are real minutes."""
    return (day_start(day + timedelta(days=1), zone) - day_start(day, zone)) == timedelta(days=1) and (
        _offsets(_wall(day, 0), zone)[0] == _offsets(_wall(day + timedelta(days=1), 0), zone)[0]
    )


def stretches(day: date, starts: int, ends: int, zone: ZoneInfo) -> list[Stretch]:
    """The instants whose wall time lies in [`starts`, `ends`) minutes after midnight of `day`, as UTC stretches.

    The lenient reading, for weekly rules: an hour the clocks skip is left out, an hour they show twice counts
    both times (F26, F28). `ends` may pass 1440.
    """
    days = range(starts // DAY_MINUTES, (ends - 1) // DAY_MINUTES + 1)
    if all(plain_day(day + timedelta(days=n), zone) for n in days):
        midnight = day_start(day, zone)
        return [(midnight + timedelta(minutes=starts), midnight + timedelta(minutes=ends))]
    return _stretches_over_change(_wall(day, starts), _wall(day, ends), zone)


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The date that a calendar in `zone` shows at the instant `at`."""
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
    # [low, high) cut where the offset changes.
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
    # The first instant after `low` with the offset of `high`, to the second.
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
    # The two readings of a wall time (PEP 495): they differ in a gap and in a fold only.
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
