"""Masks over a window for calendar rules: weekly hours, local dates and weeks, start steps, notice and horizon."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduling.availability.timegrid.grid import CELL, CELL_MINUTES, Window, cells_of
from scheduling.availability.timegrid.walltime import day_start, local_date, plain_day
from scheduling.availability.timegrid.weekly_hours import WeeklyRule, expand

DatedMask = tuple[date, int]


@lru_cache(maxsize=512)
def hours_mask(window: Window, zone: ZoneInfo, rules: tuple[WeeklyRule, ...], service: int | None = None) -> int:
    """The cells of `window` wholly inside those weekly `rules` that apply to the service id `service` (None: all)."""
    first = local_date(window.start, zone)
    until = local_date(window.end, zone) + timedelta(days=1)
    return window.inward(expand(rules, zone, first, until, service))


def free_mask(window: Window, busy: int) -> int:
    """The cells of `window` that are not `busy`."""
    return window.full & ~busy


def between_mask(window: Window, earliest: datetime, latest: datetime) -> int:
    """The cells whose start s has `earliest` <= s < `latest`, both UTC instants (F37: elapsed time)."""
    low = min(max(-((window.start - earliest) // CELL), 0), window.cells)
    high = min(max(-((window.start - latest) // CELL), 0), window.cells)
    return (1 << high) - (1 << low) if low < high else 0


def dates_mask(window: Window, zone: ZoneInfo, first: date, until: date) -> int:
    """The cells whose start lies on the local dates [`first`, `until`) of `zone`."""
    return between_mask(window, day_start(first, zone), day_start(until, zone)) if first < until else 0


# Kept small: the mask of a late day is as long as the window up to it, so one window of a year is megabytes.
@lru_cache(maxsize=64)
def day_masks(window: Window, zone: ZoneInfo) -> tuple[DatedMask, ...]:
    """Each local date of `zone` that the window touches, in order, with the mask of its cells."""
    days = []
    day = local_date(window.start, zone)
    while day_start(day, zone) < window.end:
        days.append((day, dates_mask(window, zone, day, day + timedelta(days=1))))
        day += timedelta(days=1)
    return tuple(days)


@lru_cache(maxsize=64)
def week_masks(window: Window, zone: ZoneInfo) -> tuple[DatedMask, ...]:
    """The Monday of each local week of `zone` that the window touches, in order, with the mask of the week's cells."""
    weeks: dict[date, int] = {}
    for day, mask in day_masks(window, zone):
        monday = monday_of(day)
        weeks[monday] = weeks.get(monday, 0) | mask
    return tuple(weeks.items())


def monday_of(day: date) -> date:
    """The Monday of the week that contains `day`."""
    return day - timedelta(days=day.weekday())


@lru_cache(maxsize=256)
def step_mask(window: Window, zone: ZoneInfo, step: int) -> int:
    """The cells at which clocks in `zone` show a multiple of `step` minutes since midnight.

    Raises ValueError if `step` is not a positive multiple of five minutes.
    """
    if step <= 0 or step % CELL_MINUTES:
        raise ValueError("starts lie on steps of whole five minutes")
    mask = 0
    for day, cells in day_masks(window, zone):
        if plain_day(day, zone):
            offset = (day_start(day, zone) - window.start) // CELL
            steps = _comb(cells_of(step))
            mask |= (steps << offset if offset >= 0 else steps >> -offset) & cells
        else:
            mask |= _stepped_cell_by_cell(window, zone, step, cells)
    return mask


@lru_cache(maxsize=64)
def _comb(step: int) -> int:
    # Every `step`-th cell of one day; `step` in cells.
    return sum(1 << cell for cell in range(0, 1440 // CELL_MINUTES, step))


def _stepped_cell_by_cell(window: Window, zone: ZoneInfo, step: int, cells: int) -> int:
    mask, at = 0, cells & -cells
    while at <= cells:
        local = window.instant(at.bit_length() - 1).astimezone(zone)
        if cells & at and not (local.hour * 60 + local.minute) % step and not local.second:
            mask |= at
        at <<= 1
    return mask
