"""Several starts that are booked as one: decided one after the other, each on what the earlier ones left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from scheduling.availability.refusals import Refusal
from scheduling.availability.single.candidates import options
from scheduling.availability.single.criteria import Wish
from scheduling.availability.single.openings import Opening, decide
from scheduling.availability.snapshot import Mode, Picture
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
    """`found`: one for each start, in their order. `picture`: with all that was found taken."""

    found: list[Opening | Refusal]
    picture: Picture


def decide_all(picture: Picture, wish: Wish, starts: Sequence[datetime], ask: Ask) -> Decided:
    """Decide rising `starts` (UTC) so that those found can be booked together: they neither overlap nor exceed a limit
    between them. Rooms: the clinician's usual, then the one that is free on most of the starts, then date by date.
    """
    if len(starts) > 1 and wish.last_room_id is None:
        wish = replace(wish, last_room_id=_steady_room(picture, further(wish, starts[0]), starts, ask))
    found: list[Opening | Refusal] = []
    for number, start in enumerate(starts):
        mine = further(wish, starts[0]) if number else wish
        one = decide(picture, mine, start, ask.location_id, ask.mode, ask.clinician_id)
        if isinstance(one, Opening):
            picture = taken(picture, one, wish)
        found.append(one)
    return Decided(found, picture)


def further(wish: Wish, first: datetime) -> Wish:
    """The wish for the starts that follow `first`."""
    return replace(wish, latest=first + LONGEST)


def taken(picture: Picture, opening: Opening, wish: Wish) -> Picture:
    """The picture after `opening` is booked by the clients of `wish`."""
    reserved = picture.window.outward([Span(opening.reserved_from, opening.reserved_until)])
    visit = picture.window.outward([Span(opening.start, opening.end)])
    one = picture.clinicians[opening.clinician_id]
    located, booked = dict(one.located), dict(one.booked)
    if opening.seat_id is not None:
        located[opening.seat_id] = located.get(opening.seat_id, 0) | reserved
    day = local_date(opening.start, one.zone or picture.zone(opening.location_id))
    booked[day] = booked.get(day, 0) + wish.length
    rooms = dict(picture.rooms)
    if opening.room_id is not None:
        rooms[opening.room_id] = replace(rooms[opening.room_id], busy=rooms[opening.room_id].busy | reserved)
    changed = replace(one, busy=one.busy | reserved, located=located, booked=booked)
    client_busy = {pk: picture.client_busy.get(pk, 0) | visit for pk in wish.client_ids}
    return replace(
        picture,
        clinicians={**picture.clinicians, one.id: changed},
        rooms=rooms,
        client_busy={**picture.client_busy, **client_busy},
    )


def free_starts(picture: Picture, wish: Wish, ask: Ask, first: date, until: date) -> list[datetime]:
    """The starts (UTC, rising) on the local dates `first` to `until` (exclusive) that could be booked."""
    mask = 0
    for option in options(picture, _pinned(wish, ask)).get((ask.location_id, ask.mode), ()):
        mask |= option.starts
    if mask:
        mask &= dates_mask(picture.window, picture.zone(ask.location_id), first, until)
    return [picture.window.instant(cell) for cell in bits(mask)]


def _pinned(wish: Wish, ask: Ask) -> Wish:
    return replace(wish, clinician_ids=frozenset({ask.clinician_id}))


def _steady_room(picture: Picture, wish: Wish, starts: Sequence[datetime], ask: Ask) -> int | None:
    cells = [cell for start in starts if (cell := picture.window.cell(start)) is not None]
    wanted = sum(1 << cell for cell in cells)
    free = {
        room_id: (mask & wanted).bit_count()
        for option in options(picture, _pinned(wish, ask)).get((ask.location_id, ask.mode), ())
        for room_id, mask in option.rooms
    }
    return max(free, key=lambda room_id: free[room_id], default=None)
