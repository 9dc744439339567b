"""Why no single appointment can start on a date at a place: for each clinician the start that is nearest to possible.

Every rule is asked for alone, of the same function that lists openings, all others being out of force. A start is an
opening exactly if it passes them all, so what is said here is what kept it from the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from scheduling.availability.explain.obstacles import RULES, Obstacle, Why, in_force
from scheduling.availability.rules.starts import Shape, apart_starts, client_starts, fits
from scheduling.availability.single.candidates import candidates
from scheduling.availability.single.criteria import Criteria
from scheduling.availability.snapshot import Clinician, Mode, Room, Snapshot
from scheduling.availability.timegrid.grid import Span, union
from scheduling.availability.timegrid.masks import dates_mask, free_mask
from scheduling.availability.timegrid.travel import blocked

# The rules for a single appointment, the firmest first: of two ways to fail, the softer is nearer to possible.
FIRMNESS = (
    Why.LICENSE,
    Why.NOT_WORKING,
    Why.CLOSED,
    Why.KEPT_APART,
    Why.CLIENT_BUSY,
    Why.BUSY,
    Why.TRAVEL,
    Why.HORIZON,
    Why.NOTICE,
    Why.ROOM_TAKEN,
    Why.BREAK,
    Why.WEEKLY_LIMIT,
    Why.DAILY_LIMIT,
)
# Those that are nobody's in particular.
_OF_THE_PLACE = (Why.HORIZON, Why.NOTICE, Why.CLOSED, Why.CLIENT_BUSY, Why.KEPT_APART, Why.ROOM_TAKEN)

# What is asked to tell the way and the break of somebody who is not busy anyway.
SECOND_TO_BUSY = (
    (Why.BUSY,),
    (Why.BUSY, Why.TRAVEL),
    (Why.BUSY, Why.BREAK),
    (Why.BUSY, Why.TRAVEL, Why.BREAK),
)

# Who may give it, from which seat (None: at home) and how.
Seating = tuple[Mode, int, int | None]
Starts = dict[Seating, int]


class NearestStart(NamedTuple):
    """One clinician's start that breaks the fewest rules: `broken`, the firmest first. `last`: of the starts from
    `cell` on, one after the other, that break the same."""

    clinician_id: int
    mode: Mode
    seat_id: int | None
    cell: int
    last: int
    broken: tuple[Why, ...]


def obstacles(snapshot: Snapshot, criteria: Criteria, location_id: int) -> list[Obstacle]:
    """What keeps `criteria`, which is for one local date, from every start at `location_id`; nothing if there is one.

    If one rule alone shuts the whole date, only such rules are told; else for each clinician, the nearest first.
    """
    if location_id not in snapshot.locations or not criteria.wants_location(location_id) or not criteria.modes:
        return [Obstacle(Why.NOT_OFFERED)]
    criteria = replace(criteria, location_ids=frozenset({location_id}))
    wanted = [one for one in snapshot.clinicians.values() if criteria.wants_clinician(one)]
    if not wanted:
        return _nobody(snapshot, criteria)
    near = Nearby(snapshot, criteria, location_id)
    shut = near.shut()
    if shut:
        return [told for why in shut for told in near.whole_date(why)]
    found = near.ways()
    if any(not way.broken for way in found):
        return []
    never = sorted({one.id for one in wanted} - {way.clinician_id for way in found})
    idle = [Obstacle(Why.NOT_WORKING, clinician_id=one) for one in never]
    return [*dict.fromkeys(told for way in found for told in near.told(way)), *idle]


def _far(way: NearestStart) -> tuple[int, list[int], int]:
    return len(way.broken), [-FIRMNESS.index(why) for why in way.broken], way.clinician_id


def second_to_busy(under: Mapping[tuple[Why, ...], int]) -> tuple[int, int]:
    """What the way allows, and what the break does, from what is free `under` each of SECOND_TO_BUSY.

    Who is busy is not told of the way or of the break: these count where time is free. A break that only the way leaves
    no room for counts where the way itself is none.
    """
    free, way, rest, both = (under[rules] for rules in SECOND_TO_BUSY)
    return way | ~free, rest & (both | ~way) | ~free


def _nobody(snapshot: Snapshot, criteria: Criteria) -> list[Obstacle]:
    everybody = replace(criteria, excluded_ids=frozenset())
    barred = [one.id for one in snapshot.clinicians.values() if everybody.wants_clinician(one)]
    if barred:
        return [Obstacle(Why.EXCLUDED, clinician_id=one) for one in barred]
    asked = sorted(criteria.clinician_ids or ())
    return [Obstacle(Why.NOT_OFFERED, clinician_id=one) for one in asked] or [Obstacle(Why.NOBODY)]


class Nearby:
    """The starts that each rule alone leaves of the date of `criteria` at one location, by seating."""

    def __init__(self, snapshot: Snapshot, criteria: Criteria, location_id: int) -> None:
        self.snapshot, self.criteria, self.location_id = snapshot, criteria, location_id
        self.zone = snapshot.zone(location_id)
        self.base = self._starts()
        self.alone = {why: self._starts(why) for why in FIRMNESS}
        known = {rules: self._starts(*rules) for rules in SECOND_TO_BUSY}
        for seating in self.base:
            second = second_to_busy({rules: starts.get(seating, 0) for rules, starts in known.items()})
            self.alone[Why.TRAVEL][seating], self.alone[Why.BREAK][seating] = second

    def _starts(self, *rules: Why) -> Starts:
        window, criteria = self.snapshot.window, self.criteria
        asked = replace(
            criteria,
            earliest=criteria.earliest if Why.NOTICE in rules else window.start,
            latest=criteria.latest if Why.HORIZON in rules else window.end,
            licensed=criteria.licensed and Why.LICENSE in rules,
        )
        snapshot = in_force(self.snapshot, RULES.intersection(rules), criteria.features)
        return {
            (mode, candidate.clinician.id, candidate.seat_id): candidate.starts
            for (_, mode), choices in candidates(snapshot, asked).items()
            for candidate in choices
        }

    def shut(self) -> list[Why]:
        """The rules of the place that leave no start to anybody, each for itself."""
        return [why for why in _OF_THE_PLACE if any(self.base.values()) and not any(self.alone[why].values())]

    def ways(self) -> list[NearestStart]:
        """For each clinician who ever works there the nearest start, the fewest broken rules first."""
        best: dict[int, NearestStart] = {}
        for way in sorted((self._nearest(seating, base) for seating, base in self.base.items()), key=_far):
            best.setdefault(way.clinician_id, way)
        return [*best.values()]

    def _nearest(self, seating: Seating, base: int) -> NearestStart:
        # The start of `base` that breaks the fewest rules, and of those the softest.
        masks = [(why, self.alone[why].get(seating, 0)) for why in FIRMNESS]
        cells = _fewest(base, [mask for _, mask in masks])
        for _, mask in masks:
            cells = cells & mask or cells
        cell = (cells & -cells).bit_length() - 1
        stop = base >> cell & ~(cells >> cell)
        alike = cells & ((stop & -stop) << cell) - 1 if stop else cells
        mode, clinician_id, seat_id = seating
        broken = tuple(why for why, mask in masks if not mask >> cell & 1)
        return NearestStart(clinician_id, mode, seat_id, cell, alike.bit_length() - 1, broken)

    def told(self, way: NearestStart) -> Iterator[Obstacle]:
        """What is in the way of `way`."""
        first, last = self.snapshot.window.instant(way.cell), self.snapshot.window.instant(way.last)
        span = Span(first, last + timedelta(minutes=self.criteria.length))
        for why in way.broken:
            if why in _OF_THE_PLACE:
                yield from self._of_place(why, span, way.mode, 1 << way.cell)
            else:
                other_id = self._road(way) if why is Why.TRAVEL else None
                yield Obstacle(why, span, clinician_id=way.clinician_id, other_id=other_id)

    def whole_date(self, why: Why) -> Iterator[Obstacle]:
        """What a rule of the place says that leaves no start of the date."""
        mode = Mode.OFFICE if Mode.OFFICE in self.criteria.modes else min(self.criteria.modes)
        return self._of_place(why, None, mode, union(self.base.values()))

    def _of_place(self, why: Why, span: Span | None, mode: Mode, starts: int) -> Iterator[Obstacle]:
        if why is Why.CLOSED:
            yield Obstacle(Why.OUTSIDE_HOURS if self._opens() else why, span)
        elif why is Why.ROOM_TAKEN:
            people, features = (
                (self.criteria.people, self.criteria.features) if mode is Mode.OFFICE else (1, frozenset[str]())
            )
            yield room_obstacle(self.snapshot.rooms_at(self.location_id), people, features, span)
        elif why in (Why.CLIENT_BUSY, Why.KEPT_APART):
            yield from (Obstacle(why, span, other_id=one) for one in self._clients(why, starts))
        else:
            yield Obstacle(why, span)

    def _opens(self) -> bool:
        day = dates_mask(self.snapshot.window, self.zone, self.criteria.first, self.criteria.until)
        return bool(self.snapshot.locations[self.location_id].open & day)

    def _clients(self, why: Why, starts: int) -> list[int]:
        # Those who alone leave none of `starts`; where only together they do, all of them.
        shape = Shape(self.criteria.shape.length)
        found = []
        for one in self.criteria.client_ids:
            if why is Why.CLIENT_BUSY:
                free = client_starts(self.snapshot, one, shape)
            else:
                free = apart_starts(self.snapshot, one, self.location_id, shape)
            if not free & starts:
                found.append(one)
        return found or list(self.criteria.client_ids)

    def _road(self, way: NearestStart) -> int | None:
        return road(
            self.snapshot, self.snapshot.clinicians[way.clinician_id], way.seat_id, way.cell, self.criteria.shape
        )


def road(snapshot: Snapshot, clinician: Clinician, place: int | None, cell: int, shape: Shape) -> int | None:
    """The other office whose way keeps `clinician` from being at `place` for a visit that starts at `cell`."""
    for other, cells in clinician.located.items():
        way = 0 if place is None else blocked(snapshot.travel, {other: cells}, place)
        if not shape.reserved_from(free_mask(snapshot.window, way)) >> cell & 1:
            return other
    return None


def room_obstacle(rooms: Iterable[Room], people: int, features: frozenset[str], span: Span | None) -> Obstacle:
    """Why no room will do: there is none, none is large enough or has what is needed, or those are taken."""
    rooms = list(rooms)
    if not rooms:
        return Obstacle(Why.NO_ROOM, span)
    if not any(room.capacity >= people for room in rooms):
        return Obstacle(Why.ROOM_TOO_SMALL, span)
    if not any(fits(room, people, features) for room in rooms):
        return Obstacle(Why.ROOM_LACKS, span)
    return Obstacle(Why.ROOM_TAKEN, span)


def _fewest(base: int, masks: Sequence[int]) -> int:
    # The cells of `base` that lie outside the fewest of `masks`: level n holds those outside n of them so far.
    levels = [base]
    for mask in masks:
        levels = [*levels, 0]
        for n in range(len(levels) - 1, 0, -1):
            levels[n] = levels[n] & mask | levels[n - 1] & ~mask
        levels[0] &= mask
    return next(level for level in levels if level)
