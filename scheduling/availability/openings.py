"""Openings for a single appointment, and the decision on one.

`openings` lists and `decide` decides by the same masks, so what is offered can be booked and nothing else can (F13).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .free import week_masks
from .grid import bits
from .options import Option, options
from .picture import Mode, Picture
from .refusal import Reason, Refusal, reason_against
from .wish import Wish


class Opening(NamedTuple):
    """One start at one location in one mode, with the clinician and room chosen for it.

    `seat_id`: the office where the clinician sits, None for at home. `room_id`: None for work from home.
    `clinician_ids`: everybody who could take it, the least booked that week first; the first is `clinician_id`.
    `reserved_from`, `reserved_until`: what clinician and room reserve, buffers included. All instants are UTC.
    """

    start: datetime
    end: datetime
    location_id: int
    mode: Mode
    clinician_id: int
    seat_id: int | None
    room_id: int | None
    clinician_ids: tuple[int, ...]
    reserved_from: datetime
    reserved_until: datetime


def openings(picture: Picture, wish: Wish) -> list[Opening]:
    """Every opening of `wish` in `picture`, one for each start, location and mode, in that order.

    Anyone available: the clinician with the fewest booked minutes that week, then the lowest id. Room: the clinician's
    usual, then the last visit's, then the smallest that fits.
    """
    found: list[Opening] = []
    for (location_id, mode), choices in options(picture, wish).items():
        found.extend(_listed(picture, wish, location_id, mode, choices, picture.window.full))
    return sorted(found, key=lambda opening: (opening.start, opening.location_id, opening.mode))


def decide(
    picture: Picture,
    wish: Wish,
    start: datetime,
    location_id: int,
    mode: Mode,
    clinician_id: int | None = None,
) -> Opening | Refusal:
    """The opening at exactly `start`, or why there is none. `clinician_id` pins the clinician; the room may change.

    Call it under lock with a fresh picture.
    """
    if clinician_id is not None:
        if wish.clinician_ids is not None and clinician_id not in wish.clinician_ids:
            return Refusal(Reason.NOT_OFFERED)
        wish = replace(wish, clinician_ids=frozenset({clinician_id}))
    cell = picture.window.cell(start)
    choices = options(picture, wish).get((location_id, mode), [])
    if cell is not None and choices:
        for opening in _listed(picture, wish, location_id, mode, choices, 1 << cell):
            return opening
    return Refusal(reason_against(picture, wish, start, location_id, mode))


def _listed(
    picture: Picture, wish: Wish, location_id: int, mode: Mode, choices: list[Option], only: int
) -> Iterator[Opening]:
    length = timedelta(minutes=wish.length)
    before, after = timedelta(minutes=wish.buffer_before), timedelta(minutes=wish.buffer_after)
    for monday, week in week_masks(picture.window, picture.zone(location_id)):
        ordered = _least_booked_first(choices, monday)
        for cell, able in _takers(ordered, week & only).items():
            pick, start = able[0], picture.window.instant(cell)
            yield Opening(
                start,
                start + length,
                location_id,
                mode,
                pick.clinician.id,
                pick.seat_id,
                next((room_id for room_id, free in pick.rooms if free >> cell & 1), None),
                tuple(dict.fromkeys(option.clinician.id for option in able)),
                start - before,
                start + length + after,
            )


def _least_booked_first(choices: list[Option], monday: date) -> list[Option]:
    return sorted(
        choices,
        key=lambda option: (
            option.clinician.booked_in_week(monday),
            option.clinician.id,
            option.seat_id is None,
        ),
    )


def _takers(ordered: list[Option], cells: int) -> dict[int, list[Option]]:
    takers: dict[int, list[Option]] = {}
    # Counted from the first of `cells`: so the work of a week does not grow with the window.
    first = (cells & -cells).bit_length() - 1
    near = cells >> first if cells else 0
    for option in ordered if near else ():
        for cell in bits(option.starts >> first & near):
            takers.setdefault(cell + first, []).append(option)
    return takers
