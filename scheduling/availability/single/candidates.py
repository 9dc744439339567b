"""The clinicians who can take an appointment, with the masks of the starts they can take, before openings are built."""

from __future__ import annotations

from typing import NamedTuple

from scheduling.availability.rules.starts import Shape, apart_starts, client_starts, clinician_starts, fits, room_starts
from scheduling.availability.single.criteria import Criteria
from scheduling.availability.snapshot import Clinician, Mode, Room, Snapshot
from scheduling.availability.timegrid.masks import between_mask, dates_mask, day_masks, step_mask, week_masks


class Candidate(NamedTuple):
    """One clinician at one place, with the mask of the starts they can take.

    `seat_id`: the office where the clinician sits, None for at home. `rooms`: (room id, mask of the starts at which the
    room is free), the best room first; empty for work from home.
    """

    clinician: Clinician
    seat_id: int | None
    starts: int
    rooms: tuple[tuple[int, int], ...]


Candidates = dict[tuple[int, Mode], list[Candidate]]


def candidates(snapshot: Snapshot, criteria: Criteria) -> Candidates:
    """The candidates of each (location id, mode) that `criteria` allow. A pair that nobody can take is missing."""
    shape = criteria.shape
    clients_free = snapshot.window.full
    for client_id in criteria.client_ids:
        clients_free &= client_starts(snapshot, client_id, shape)
    found: Candidates = {}
    for location_id in snapshot.locations:
        if criteria.wants_location(location_id):
            allowed = clients_free & _allowed(snapshot, criteria, location_id)
            if allowed:
                _add_candidates(found, snapshot, criteria, shape, location_id, allowed)
    return found


def _allowed(snapshot: Snapshot, criteria: Criteria, location_id: int) -> int:
    # The rules that depend only on the clock and the location.
    window, zone = snapshot.window, snapshot.zone(location_id)
    return (
        step_mask(window, zone, criteria.step)
        & dates_mask(window, zone, criteria.first, criteria.until)
        & between_mask(window, criteria.earliest, criteria.latest)
    )


def _add_candidates(
    found: Candidates, snapshot: Snapshot, criteria: Criteria, shape: Shape, location_id: int, allowed: int
) -> None:
    rooms = {room.id: room_starts(snapshot, room, shape) for room in snapshot.rooms_at(location_id)}
    kept_apart = snapshot.window.full
    for client_id in criteria.client_ids if snapshot.apart else ():
        kept_apart &= apart_starts(snapshot, client_id, location_id, shape)
    for clinician in snapshot.clinicians.values():
        if not criteria.wants_clinician(clinician):
            continue
        open_starts = allowed & _within_limits(snapshot, clinician, location_id, criteria.length)
        for seat_id in seats(clinician, location_id):
            possible = open_starts & clinician_starts(snapshot, clinician, seat_id, shape, criteria.licensed)
            for mode in sorted(criteria.modes) if possible else ():
                mode_starts = possible & kept_apart if mode is Mode.OFFICE else possible
                candidate = _candidate(snapshot, criteria, clinician, location_id, seat_id, mode, mode_starts, rooms)
                if candidate.starts:
                    found.setdefault((location_id, mode), []).append(candidate)


def seats(clinician: Clinician, location_id: int) -> tuple[int | None, ...]:
    """Where a clinician may sit for work of `location_id`: there, or at home (None) if it is their base location."""
    return (location_id, None) if clinician.base_location_id == location_id else (location_id,)


def _candidate(
    snapshot: Snapshot,
    criteria: Criteria,
    clinician: Clinician,
    location_id: int,
    seat_id: int | None,
    mode: Mode,
    possible: int,
    rooms: dict[int, int],
) -> Candidate:
    if seat_id is None:
        return Candidate(clinician, None, 0 if mode is Mode.OFFICE else possible, ())
    usable_rooms = []
    with_room = 0
    for room in _rooms_in_order(snapshot, criteria, clinician, location_id, mode):
        open_starts = possible & rooms[room.id]
        if open_starts:
            usable_rooms.append((room.id, open_starts))
            with_room |= open_starts
    return Candidate(clinician, seat_id, with_room, tuple(usable_rooms))


def _rooms_in_order(
    snapshot: Snapshot, criteria: Criteria, clinician: Clinician, location_id: int, mode: Mode
) -> list[Room]:
    # Online and by phone only the clinicians sit in the room, and they need none of its features.
    people, features = (
        (criteria.people, criteria.features) if mode is Mode.OFFICE else (criteria.leads, frozenset[str]())
    )
    fitting = [room for room in snapshot.rooms_at(location_id) if fits(room, people, features)]
    preferred = (*clinician.usual_room_ids, criteria.last_room_id)
    return sorted(fitting, key=lambda room: preferred.index(room.id) if room.id in preferred else len(preferred))


def _within_limits(snapshot: Snapshot, clinician: Clinician, location_id: int, length: int) -> int:
    mask = snapshot.window.full
    zone = clinician.zone or snapshot.zone(location_id)
    if clinician.daily_limit is not None:
        for day, cells in day_masks(snapshot.window, zone):
            if clinician.booked.get(day, 0) + length > clinician.daily_limit:
                mask &= ~cells
    if clinician.weekly_limit is not None:
        for monday, cells in week_masks(snapshot.window, zone):
            if clinician.booked_in_week(monday) + length > clinician.weekly_limit:
                mask &= ~cells
    return mask


def starts(snapshot: Snapshot, criteria: Criteria) -> dict[tuple[int, Mode], int]:
    """The mask of starts that at least one clinician can take, by (location id, mode).

    Quicker than `openings`, because no clinician or room is chosen.
    """
    united = {}
    for key, choices in candidates(snapshot, criteria).items():
        mask = 0
        for candidate in choices:
            mask |= candidate.starts
        united[key] = mask
    return united
