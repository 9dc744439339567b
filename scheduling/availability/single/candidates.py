"""Who can take a wish, where and at which starts: masks, before any opening is written out."""

from __future__ import annotations

from typing import NamedTuple

from scheduling.availability.rules.starts import Shape, apart_starts, client_starts, clinician_starts, fits, room_starts
from scheduling.availability.single.criteria import Wish
from scheduling.availability.snapshot import Clinician, Mode, Picture, Room
from scheduling.availability.timegrid.masks import between_mask, dates_mask, day_masks, step_mask, week_masks


class Option(NamedTuple):
    """The starts one clinician can take at one place; `rooms` with their starts, the best first."""

    clinician: Clinician
    seat_id: int | None
    starts: int
    rooms: tuple[tuple[int, int], ...]


Options = dict[tuple[int, Mode], list[Option]]


def options(picture: Picture, wish: Wish) -> Options:
    """For each location and mode asked for, the clinicians who can take it and their starts."""
    shape = wish.shape
    clients = picture.window.full
    for client_id in wish.client_ids:
        clients &= client_starts(picture, client_id, shape)
    found: Options = {}
    for location_id in picture.locations:
        if wish.wants_location(location_id):
            allowed = clients & _allowed(picture, wish, location_id)
            if allowed:
                _add_options(found, picture, wish, shape, location_id, allowed)
    return found


def _allowed(picture: Picture, wish: Wish, location_id: int) -> int:
    # Step, dates, notice and horizon: what depends on the clock and the location only.
    window, zone = picture.window, picture.zone(location_id)
    return (
        step_mask(window, zone, wish.step)
        & dates_mask(window, zone, wish.first, wish.until)
        & between_mask(window, wish.earliest, wish.latest)
    )


def _add_options(found: Options, picture: Picture, wish: Wish, shape: Shape, location_id: int, allowed: int) -> None:
    rooms = {room.id: room_starts(picture, room, shape) for room in picture.rooms_at(location_id)}
    unmet = picture.window.full
    for client_id in wish.client_ids if picture.apart else ():
        unmet &= apart_starts(picture, client_id, location_id, shape)
    for clinician in picture.clinicians.values():
        if not wish.wants_clinician(clinician):
            continue
        mine = allowed & _within_limits(picture, clinician, location_id, wish.length)
        for seat_id in seats(clinician, location_id):
            could = mine & clinician_starts(picture, clinician, seat_id, shape, wish.licensed)
            for mode in sorted(wish.modes) if could else ():
                here = could & unmet if mode is Mode.OFFICE else could
                option = _option(picture, wish, clinician, location_id, seat_id, mode, here, rooms)
                if option.starts:
                    found.setdefault((location_id, mode), []).append(option)


def seats(clinician: Clinician, location_id: int) -> tuple[int | None, ...]:
    """Where a clinician may sit for work that `location_id` answers for: there, or at home if it is the base."""
    return (location_id, None) if clinician.base_location_id == location_id else (location_id,)


def _option(
    picture: Picture,
    wish: Wish,
    clinician: Clinician,
    location_id: int,
    seat_id: int | None,
    mode: Mode,
    could: int,
    rooms: dict[int, int],
) -> Option:
    if seat_id is None:
        return Option(clinician, None, 0 if mode is Mode.OFFICE else could, ())
    fitting = []
    anywhere = 0
    for room in _rooms_in_order(picture, wish, clinician, location_id, mode):
        open_starts = could & rooms[room.id]
        if open_starts:
            fitting.append((room.id, open_starts))
            anywhere |= open_starts
    return Option(clinician, seat_id, anywhere, tuple(fitting))


def _rooms_in_order(picture: Picture, wish: Wish, clinician: Clinician, location_id: int, mode: Mode) -> list[Room]:
    # Online and by phone only who leads it sits in the room, and needs none of its features.
    people, features = (wish.people, wish.features) if mode is Mode.OFFICE else (wish.leads, frozenset[str]())
    able = [room for room in picture.rooms_at(location_id) if fits(room, people, features)]
    liked = (*clinician.usual_room_ids, wish.last_room_id)
    return sorted(able, key=lambda room: liked.index(room.id) if room.id in liked else len(liked))


def _within_limits(picture: Picture, clinician: Clinician, location_id: int, length: int) -> int:
    mask = picture.window.full
    zone = clinician.zone or picture.zone(location_id)
    if clinician.daily_limit is not None:
        for day, cells in day_masks(picture.window, zone):
            if clinician.booked.get(day, 0) + length > clinician.daily_limit:
                mask &= ~cells
    if clinician.weekly_limit is not None:
        for monday, cells in week_masks(picture.window, zone):
            if clinician.booked_in_week(monday) + length > clinician.weekly_limit:
                mask &= ~cells
    return mask


def starts(picture: Picture, wish: Wish) -> dict[tuple[int, Mode], int]:
    """For each location and mode the mask of starts that anybody can take: the quick answer to "when at all"."""
    united = {}
    for key, choices in options(picture, wish).items():
        mask = 0
        for option in choices:
            mask |= option.starts
        united[key] = mask
    return united
