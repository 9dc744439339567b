"""Several starts that are booked as one: decided one after the other, each on what the earlier ones left."""

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

# From the first start to the last: a year of weeks. The horizon of a service says when a booking may begin; a series
# that begins within it may run on past it, or nobody could book the second half of one.
LONGEST = timedelta(weeks=53)


class Ask(NamedTuple):
    """What every start has in common: the place, the mode and the clinician, who are pinned."""

    location_id: int
    mode: Mode
    clinician_id: int


class Decided(NamedTuple):
    """`found`: one for each start, in their order. `snapshot`: with all that was found taken."""

    found: list[Opening | Refusal]
    snapshot: Snapshot


def decide_all(snapshot: Snapshot, criteria: Criteria, starts: Sequence[datetime], ask: Ask) -> Decided:
    """Decide rising `starts` (UTC) so that those found can be booked together: they neither overlap nor exceed a limit
    between them. Rooms: the clinician's usual, then the one that is free on most of the starts, then date by date.
    """
    if len(starts) > 1 and criteria.last_room_id is None:
        criteria = replace(criteria, last_room_id=_steady_room(snapshot, further(criteria, starts[0]), starts, ask))
    found: list[Opening | Refusal] = []
    for number, start in enumerate(starts):
        mine = further(criteria, starts[0]) if number else criteria
        one = decide(snapshot, mine, start, ask.location_id, ask.mode, ask.clinician_id)
        if isinstance(one, Opening):
            snapshot = taken(snapshot, one, criteria)
        found.append(one)
    return Decided(found, snapshot)


def further(criteria: Criteria, first: datetime) -> Criteria:
    """The wish for the starts that follow `first`."""
    return replace(criteria, latest=first + LONGEST)


def taken(snapshot: Snapshot, opening: Opening, criteria: Criteria) -> Snapshot:
    """The picture after `opening` is booked by the clients of `criteria`."""
    reserved = snapshot.window.outward([Span(opening.reserved_from, opening.reserved_until)])
    visit = snapshot.window.outward([Span(opening.start, opening.end)])
    one = snapshot.clinicians[opening.clinician_id]
    located, booked = dict(one.located), dict(one.booked)
    if opening.seat_id is not None:
        located[opening.seat_id] = located.get(opening.seat_id, 0) | reserved
    day = local_date(opening.start, one.zone or snapshot.zone(opening.location_id))
    booked[day] = booked.get(day, 0) + criteria.length
    rooms = dict(snapshot.rooms)
    if opening.room_id is not None:
        rooms[opening.room_id] = replace(rooms[opening.room_id], busy=rooms[opening.room_id].busy | reserved)
    changed = replace(one, busy=one.busy | reserved, located=located, booked=booked)
    client_busy = {pk: snapshot.client_busy.get(pk, 0) | visit for pk in criteria.client_ids}
    return replace(
        snapshot,
        clinicians={**snapshot.clinicians, one.id: changed},
        rooms=rooms,
        client_busy={**snapshot.client_busy, **client_busy},
    )


def free_starts(snapshot: Snapshot, criteria: Criteria, ask: Ask, first: date, until: date) -> list[datetime]:
    """The starts (UTC, rising) on the local dates `first` to `until` (exclusive) that could be booked."""
    mask = 0
    for candidate in candidates(snapshot, _pinned(criteria, ask)).get((ask.location_id, ask.mode), ()):
        mask |= candidate.starts
    if mask:
        mask &= dates_mask(snapshot.window, snapshot.zone(ask.location_id), first, until)
    return [snapshot.window.instant(cell) for cell in bits(mask)]


def _pinned(criteria: Criteria, ask: Ask) -> Criteria:
    return replace(criteria, clinician_ids=frozenset({ask.clinician_id}))


def _steady_room(snapshot: Snapshot, criteria: Criteria, starts: Sequence[datetime], ask: Ask) -> int | None:
    cells = [cell for start in starts if (cell := snapshot.window.cell(start)) is not None]
    wanted = sum(1 << cell for cell in cells)
    free = {
        room_id: (mask & wanted).bit_count()
        for candidate in candidates(snapshot, _pinned(criteria, ask)).get((ask.location_id, ask.mode), ())
        for room_id, mask in candidate.rooms
    }
    return max(free, key=lambda room_id: free[room_id], default=None)
