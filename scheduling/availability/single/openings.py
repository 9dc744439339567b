"""Openings for a single appointment, and the decision on one start.

`openings` and `decide` use the same masks, so exactly the starts that are listed can be booked (promise 4, F13).

The steps: `candidates` gives each clinician a mask of the starts they can take. For every week, the clinicians are then
sorted by how little they are booked. The first takes all of its starts, the next takes the rest, and so on;
the rooms of a clinician are given out the same way. Masks turn into `Opening` tuples only at the end.
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
    `before`, `after`: the buffers around the visit. All instants are UTC.
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
        """The UTC instant from which clinician and room are reserved, buffer included."""
        return self.start - self.before

    @property
    def reserved_until(self) -> datetime:
        """The UTC instant until which clinician and room are reserved, buffer included."""
        return self.end + self.after


# Cell, location, mode, clinician, seat and room of an opening. Sorted, rows are in order of time, place and mode.
Row = tuple[int, int, Mode, int, int | None, int | None]

# Monday -> clinician id -> minutes booked in the week from it.
Booked = Callable[[date], dict[int, int]]


def openings(snapshot: Snapshot, criteria: Criteria) -> list[Opening]:
    """Every opening of `criteria` in `snapshot`: one per start, location and mode, sorted in that order.

    Of several clinicians, the one with the fewest booked minutes that week is chosen, then the lowest id. Of several
    rooms: the clinician's usual one, then that of the client's last visit, then the smallest that fits.
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
    """The opening at exactly `start` (UTC), or a refusal with the reason.

    `clinician_id` pins the clinician; the room may differ from the one listed. Call it under lock with a fresh
    snapshot.
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
        # Every start goes to the first clinician, and there to the first room, that can take it.
        for candidate in _in_order(choices, booked(monday)) if left else ():
            starts = candidate.starts & left
            left ^= starts
            for room_id, free in candidate.rooms or ((None, starts),):
                in_room = starts & free
                starts ^= in_room
                for cell in _near_bits(in_room) if in_room else ():
                    yield cell, location_id, mode, candidate.clinician.id, candidate.seat_id, room_id


def _near_bits(mask: int) -> list[int]:
    # Shift to the first set bit, so that the work for one week does not grow with the window.
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
    # Cached per week: every location asks for the same weeks.
    return cache(lambda monday: {each.id: each.booked_in_week(monday) for each in snapshot.clinicians.values()})


def _in_order(choices: list[Candidate], booked: dict[int, int]) -> list[Candidate]:
    # For one clinician, the office comes before home.
    return sorted(choices, key=lambda each: (booked[each.clinician.id], each.clinician.id, each.seat_id is None))


def _reason_against(snapshot: Snapshot, criteria: Criteria, start: datetime, location_id: int, mode: Mode) -> Reason:
    """The first rule of `criteria` that a start breaks; TAKEN if only other commitments are in the way."""
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
    # The starts there would be if no clinician had any commitment and buffers did not count.
    mask = 0
    for clinician in snapshot.clinicians.values():
        if criteria.wants_clinician(clinician):
            idle = replace(clinician, busy=0, located={})
            for seat_id in seats(clinician, location_id):
                if seat_id is not None or mode is not Mode.OFFICE:
                    mask |= clinician_starts(snapshot, idle, seat_id, Shape(criteria.shape.length), criteria.licensed)
    return mask
