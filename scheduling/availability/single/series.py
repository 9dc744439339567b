"""Series: several starts booked together, each decided on what the earlier ones leave free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from scheduling.availability.refusals import Refusal
from scheduling.availability.single.candidates import candidates
from scheduling.availability.single.criteria import Criteria
from scheduling.availability.single.openings import Opening, decide
from scheduling.availability.snapshot import Mode, Snapshot
from scheduling.availability.timegrid.grid import Span, bits
from scheduling.availability.timegrid.masks import dates_mask
from scheduling.availability.timegrid.walltime import local_date

# The longest time from the first start to the last. The horizon of a service limits when a series begins, not when it
# ends; otherwise nobody could book one that begins late within the horizon.
LONGEST = timedelta(weeks=53)


class Ask(NamedTuple):
    """What all starts of a series share: the location, the mode and the clinician. All three are pinned."""

    location_id: int
    mode: Mode
    clinician_id: int


class Decided(NamedTuple):
    """`found`: the opening or refusal for each start, in order. `snapshot`: as it is once all openings are booked."""

    found: list[Opening | Refusal]
    snapshot: Snapshot


def decide_all(snapshot: Snapshot, criteria: Criteria, starts: Sequence[datetime], ask: Ask) -> Decided:
    """Decide on `starts` (UTC, in order) so that all openings found can be booked together.

    They do not overlap, and together they exceed no limit. Only the first start must lie within the horizon. Of several
    rooms: the clinician's usual one, then `criteria.last_room_id`, then the smallest that fits. Without a last room,
    the room that is free at the most starts takes its place.
    """
    if len(starts) > 1 and criteria.last_room_id is None:
        criteria = replace(criteria, last_room_id=_steady_room(snapshot, further(criteria, starts[0]), starts, ask))
    found: list[Opening | Refusal] = []
    for number, start in enumerate(starts):
        criteria_now = further(criteria, starts[0]) if number else criteria
        answer = decide(snapshot, criteria_now, start, ask.location_id, ask.mode, ask.clinician_id)
        if isinstance(answer, Opening):
            snapshot = taken(snapshot, answer, criteria)
        found.append(answer)
    return Decided(found, snapshot)


def further(criteria: Criteria, first: datetime) -> Criteria:
    """The criteria for the starts after `first`: the horizon no longer limits them, LONGEST does."""
    return replace(criteria, latest=first + LONGEST)


def taken(snapshot: Snapshot, opening: Opening, criteria: Criteria) -> Snapshot:
    """The snapshot as it is once the clients of `criteria` have booked `opening`."""
    reserved = snapshot.window.outward([Span(opening.reserved_from, opening.reserved_until)])
    visit = snapshot.window.outward([Span(opening.start, opening.end)])
    clinician = snapshot.clinicians[opening.clinician_id]
    located, booked = dict(clinician.located), dict(clinician.booked)
    if opening.seat_id is not None:
        located[opening.seat_id] = located.get(opening.seat_id, 0) | reserved
    day = local_date(opening.start, clinician.zone or snapshot.zone(opening.location_id))
    booked[day] = booked.get(day, 0) + criteria.length
    rooms = dict(snapshot.rooms)
    if opening.room_id is not None:
        rooms[opening.room_id] = replace(rooms[opening.room_id], busy=rooms[opening.room_id].busy | reserved)
    changed = replace(clinician, busy=clinician.busy | reserved, located=located, booked=booked)
    client_busy = {pk: snapshot.client_busy.get(pk, 0) | visit for pk in criteria.client_ids}
    return replace(
        snapshot,
        clinicians={**snapshot.clinicians, clinician.id: changed},
        rooms=rooms,
        client_busy={**snapshot.client_busy, **client_busy},
    )


def free_starts(snapshot: Snapshot, criteria: Criteria, ask: Ask, first: date, until: date) -> list[datetime]:
    """The starts (UTC, in order) that could be booked on the local dates [`first`, `until`)."""
    mask = 0
    for candidate in candidates(snapshot, _pinned(criteria, ask)).get((ask.location_id, ask.mode), ()):
        mask |= candidate.starts
    if mask:
        mask &= dates_mask(snapshot.window, snapshot.zone(ask.location_id), first, until)
    return [snapshot.window.instant(cell) for cell in bits(mask)]


def _pinned(criteria: Criteria, ask: Ask) -> Criteria:
    return replace(criteria, clinician_ids=frozenset({ask.clinician_id}))


def _steady_room(snapshot: Snapshot, criteria: Criteria, starts: Sequence[datetime], ask: Ask) -> int | None:
    # The room that is free at the most starts, so that a series seldom changes rooms.
    cells = [cell for start in starts if (cell := snapshot.window.cell(start)) is not None]
    start_cells = sum(1 << cell for cell in cells)
    free = {
        room_id: (mask & start_cells).bit_count()
        for candidate in candidates(snapshot, _pinned(criteria, ask)).get((ask.location_id, ask.mode), ())
        for room_id, mask in candidate.rooms
    }
    return max(free, key=lambda room_id: free[room_id], default=None)
