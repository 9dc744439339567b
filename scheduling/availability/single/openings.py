"""Openings for a single appointment, and the decision on one.

`openings` lists and `decide` decides by the same masks, so what is offered can be booked and nothing else can (F13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from scheduling.availability.refusals import Reason, Refusal
from scheduling.availability.rules.starts import Shape, clinician_starts
from scheduling.availability.single.candidates import Candidate, candidates, seats
from scheduling.availability.single.criteria import Criteria
from scheduling.availability.snapshot import Mode, Snapshot
from scheduling.availability.timegrid.grid import bits
from scheduling.availability.timegrid.masks import dates_mask, step_mask, week_masks


class Opening(NamedTuple):
    """One start at one location in one mode, with the clinician and room chosen for it.

    `seat_id`: the office where the clinician sits, None for at home. `room_id`: None for work from home.
    `before`, `after`: the buffers around it. All instants are UTC.
    """

    start: datetime
    end: datetime
    location_id: int
    mode: Mode
    clinician_id: int
    seat_id: int | None
    room_id: int | None
    before: timedelta
    after: timedelta

    @property
    def reserved_from(self) -> datetime:
        """When clinician and room begin to be reserved, the buffer included."""
        return self.start - self.before

    @property
    def reserved_until(self) -> datetime:
        """When clinician and room are free again, the buffer included."""
        return self.end + self.after


# Cell, location, mode, clinician, seat and room of an opening: in order of time, place and mode, which name it.
Row = tuple[int, int, Mode, int, int | None, int | None]

# Monday -> clinician id -> minutes booked in its week.
Booked = Callable[[date], dict[int, int]]


def openings(snapshot: Snapshot, criteria: Criteria) -> list[Opening]:
    """Every opening of `criteria` in `snapshot`, one for each start, location and mode, in that order.

    Anyone available: the clinician with the fewest booked minutes that week, then the lowest id. Room: the clinician's
    usual, then the last visit's, then the smallest that fits.
    """
    rows: list[Row] = []
    booked = _booked(snapshot)
    for (location_id, mode), choices in candidates(snapshot, criteria).items():
        rows += _rows(snapshot, location_id, mode, choices, snapshot.window.full, booked)
    return _written(snapshot, criteria, sorted(rows))


def decide(
    snapshot: Snapshot,
    criteria: Criteria,
    start: datetime,
    location_id: int,
    mode: Mode,
    clinician_id: int | None = None,
) -> Opening | Refusal:
    """The opening at exactly `start`, or why there is none. `clinician_id` pins the clinician; the room may change.

    Call it under lock with a fresh picture.
    """
    if clinician_id is not None:
        if criteria.clinician_ids is not None and clinician_id not in criteria.clinician_ids:
            return Refusal(Reason.NOT_OFFERED)
        criteria = replace(criteria, clinician_ids=frozenset({clinician_id}))
    cell = snapshot.window.cell(start)
    choices = candidates(snapshot, criteria).get((location_id, mode), [])
    if cell is not None and choices:
        for opening in _written(
            snapshot, criteria, _rows(snapshot, location_id, mode, choices, 1 << cell, _booked(snapshot))
        ):
            return opening
    return Refusal(_reason_against(snapshot, criteria, start, location_id, mode))


def _rows(
    snapshot: Snapshot, location_id: int, mode: Mode, choices: list[Candidate], only: int, booked: Booked
) -> Iterator[Row]:
    for monday, week in week_masks(snapshot.window, snapshot.zone(location_id)):
        left = week & only
        # Each in turn takes what is left, and of that each room in turn: no start is looked at twice.
        for candidate in _in_order(choices, booked(monday)) if left else ():
            mine = candidate.starts & left
            left ^= mine
            for room_id, free in candidate.rooms or ((None, mine),):
                here = mine & free
                mine ^= here
                for cell in _near_bits(here) if here else ():
                    yield cell, location_id, mode, candidate.clinician.id, candidate.seat_id, room_id


def _near_bits(mask: int) -> list[int]:
    # Counted from the first: so the work of a week does not grow with the window.
    first = (mask & -mask).bit_length() - 1
    return [first + bit for bit in bits(mask >> first)]


def _written(snapshot: Snapshot, criteria: Criteria, rows: Iterable[Row]) -> list[Opening]:
    length = timedelta(minutes=criteria.length)
    before, after = timedelta(minutes=criteria.buffer_before), timedelta(minutes=criteria.buffer_after)
    found = []
    for cell, group in groupby(rows, key=itemgetter(0)):
        start = snapshot.window.instant(cell)
        end = start + length
        found += [Opening(start, end, *row[1:], before, after) for row in group]
    return found


def _booked(snapshot: Snapshot) -> Booked:
    # Counted once a week, for all locations.
    return cache(lambda monday: {one.id: one.booked_in_week(monday) for one in snapshot.clinicians.values()})


def _in_order(choices: list[Candidate], booked: dict[int, int]) -> list[Candidate]:
    # The least booked of the week first, then the lowest id; for one person the office before home.
    return sorted(choices, key=lambda one: (booked[one.clinician.id], one.clinician.id, one.seat_id is None))


def _reason_against(snapshot: Snapshot, criteria: Criteria, start: datetime, location_id: int, mode: Mode) -> Reason:
    """The first rule of `criteria` that a start breaks; TAKEN if every rule holds but nobody is free."""
    if mode not in criteria.modes or not criteria.wants_location(location_id) or location_id not in snapshot.locations:
        return Reason.NOT_OFFERED
    if start < criteria.earliest:
        return Reason.TOO_SOON
    if start >= criteria.latest:
        return Reason.TOO_FAR
    window, zone, cell = snapshot.window, snapshot.zone(location_id), snapshot.window.cell(start)
    if cell is None or not step_mask(window, zone, criteria.step) >> cell & 1:
        return Reason.OFF_STEP
    if not dates_mask(window, zone, criteria.first, criteria.until) >> cell & 1:
        return Reason.OUTSIDE_DATES
    return Reason.TAKEN if _worked(snapshot, criteria, location_id, mode) >> cell & 1 else Reason.OUTSIDE_HOURS


def _worked(snapshot: Snapshot, criteria: Criteria, location_id: int, mode: Mode) -> int:
    # The starts there would be if nobody had anything else to do.
    mask = 0
    for clinician in snapshot.clinicians.values():
        if criteria.wants_clinician(clinician):
            idle = replace(clinician, busy=0, located={})
            for seat_id in seats(clinician, location_id):
                if seat_id is not None or mode is not Mode.OFFICE:
                    mask |= clinician_starts(snapshot, idle, seat_id, Shape(criteria.shape.length), criteria.licensed)
    return mask
