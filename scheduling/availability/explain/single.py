"""The obstacles that keep a single appointment from starting on a date at a location.

Each rule is put in force alone, and `candidates`, the function behind the list of openings, gives the starts that this
rule alone allows. A start is an opening exactly if every rule allows it. So the rules that it breaks are what kept it
from the list. For each clinician, the start that breaks the fewest rules is reported.
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

# The rules for a single appointment, the firmest first. Of two starts that break equally many rules, the one that
# breaks softer rules counts as nearer.
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
# The rules that do not concern a particular clinician.
_OF_THE_PLACE = (Why.HORIZON, Why.NOTICE, Why.CLOSED, Why.CLIENT_BUSY, Why.KEPT_APART, Why.ROOM_TAKEN)

# The rule sets from which `second_to_busy` judges travel and breaks. These count only where a clinician is not busy.
SECOND_TO_BUSY = (
    (Why.BUSY,),
    (Why.BUSY, Why.TRAVEL),
    (Why.BUSY, Why.BREAK),
    (Why.BUSY, Why.TRAVEL, Why.BREAK),
)

# Mode, clinician id, and the office where the clinician sits (None: at home).
Seating = tuple[Mode, int, int | None]
Starts = dict[Seating, int]


class NearestStart(NamedTuple):
    """The start of one clinician that breaks the fewest rules.

    `broken`: the rules it breaks, the firmest first. `cell` to `last`: consecutive starts that break the same.
    """

    clinician_id: int
    mode: Mode
    seat_id: int | None
    cell: int
    last: int
    broken: tuple[Why, ...]


def obstacles(snapshot: Snapshot, criteria: Criteria, location_id: int) -> list[Obstacle]:
    """The obstacles to every start of `criteria`, which is for one local date, at `location_id`; empty if one is open.

    If single rules rule out the whole date, only those are given. Otherwise the obstacles are given by clinician, the
    nearest start first.
    """
    if location_id not in snapshot.locations or not criteria.wants_location(location_id) or not criteria.modes:
        return [Obstacle(Why.NOT_OFFERED)]
    criteria = replace(criteria, location_ids=frozenset({location_id}))
    clinicians = [clinician for clinician in snapshot.clinicians.values() if criteria.wants_clinician(clinician)]
    if not clinicians:
        return _no_clinician(snapshot, criteria)
    nearby = Nearby(snapshot, criteria, location_id)
    date_wide = nearby.rules_against_date()
    if date_wide:
        return [obstacle for why in date_wide for obstacle in nearby.whole_date(why)]
    starts = nearby.nearest_starts()
    if any(not start.broken for start in starts):
        return []
    without_start = sorted({clinician.id for clinician in clinicians} - {start.clinician_id for start in starts})
    not_working = [Obstacle(Why.NOT_WORKING, clinician_id=pk) for pk in without_start]
    return [*dict.fromkeys(obstacle for start in starts for obstacle in nearby.obstacles_of(start)), *not_working]


def _distance(nearest: NearestStart) -> tuple[int, list[int], int]:
    return len(nearest.broken), [-FIRMNESS.index(why) for why in nearest.broken], nearest.clinician_id


def second_to_busy(under: Mapping[tuple[Why, ...], int]) -> tuple[int, int]:
    """The cells (or blocks) that travel allows, and those that breaks allow, from what is free `under` each rule set.

    Time in which the clinician is busy counts as allowed, since BUSY is reported for it. A break that fits only
    without travel is reported where travel itself is no obstacle.
    """
    free, travel, breaks, both = (under[rules] for rules in SECOND_TO_BUSY)
    return travel | ~free, breaks & (both | ~travel) | ~free


def _no_clinician(snapshot: Snapshot, criteria: Criteria) -> list[Obstacle]:
    everybody = replace(criteria, excluded_ids=frozenset())
    barred = [clinician.id for clinician in snapshot.clinicians.values() if everybody.wants_clinician(clinician)]
    if barred:
        return [Obstacle(Why.EXCLUDED, clinician_id=pk) for pk in barred]
    asked = sorted(criteria.clinician_ids or ())
    return [Obstacle(Why.NOT_OFFERED, clinician_id=pk) for pk in asked] or [Obstacle(Why.NOBODY)]


class Nearby:
    """The starts that each rule alone allows on the date of `criteria` at one location, by seating."""

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

    def rules_against_date(self) -> list[Why]:
        """The rules of the location that each alone rule out every start of the date."""
        return [why for why in _OF_THE_PLACE if any(self.base.values()) and not any(self.alone[why].values())]

    def nearest_starts(self) -> list[NearestStart]:
        """The nearest start of each clinician with any hours there, the fewest broken rules first."""
        best: dict[int, NearestStart] = {}
        for nearest in sorted((self._nearest(seating, base) for seating, base in self.base.items()), key=_distance):
            best.setdefault(nearest.clinician_id, nearest)
        return [*best.values()]

    def _nearest(self, seating: Seating, base: int) -> NearestStart:
        # Keep the starts that break the fewest rules; among them, prefer those that keep the firmest rules.
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

    def obstacles_of(self, nearest: NearestStart) -> Iterator[Obstacle]:
        """The obstacles of one nearest start."""
        first, last = self.snapshot.window.instant(nearest.cell), self.snapshot.window.instant(nearest.last)
        span = Span(first, last + timedelta(minutes=self.criteria.length))
        for why in nearest.broken:
            if why in _OF_THE_PLACE:
                yield from self._of_place(why, span, nearest.mode, 1 << nearest.cell)
            else:
                other_id = self._other_office(nearest) if why is Why.TRAVEL else None
                yield Obstacle(why, span, clinician_id=nearest.clinician_id, other_id=other_id)

    def whole_date(self, why: Why) -> Iterator[Obstacle]:
        """The obstacles of a rule of the location that rules out the whole date."""
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
            yield from (Obstacle(why, span, other_id=client_id) for client_id in self._clients(why, starts))
        else:
            yield Obstacle(why, span)

    def _opens(self) -> bool:
        day = dates_mask(self.snapshot.window, self.zone, self.criteria.first, self.criteria.until)
        return bool(self.snapshot.locations[self.location_id].open & day)

    def _clients(self, why: Why, starts: int) -> list[int]:
        # The clients who alone rule out all `starts`; if they do so only together, all clients.
        shape = Shape(self.criteria.shape.length)
        in_the_way = []
        for client_id in self.criteria.client_ids:
            if why is Why.CLIENT_BUSY:
                free = client_starts(self.snapshot, client_id, shape)
            else:
                free = apart_starts(self.snapshot, client_id, self.location_id, shape)
            if not free & starts:
                in_the_way.append(client_id)
        return in_the_way or list(self.criteria.client_ids)

    def _other_office(self, nearest: NearestStart) -> int | None:
        return other_office(
            self.snapshot,
            self.snapshot.clinicians[nearest.clinician_id],
            nearest.seat_id,
            nearest.cell,
            self.criteria.shape,
        )


def other_office(snapshot: Snapshot, clinician: Clinician, place: int | None, cell: int, shape: Shape) -> int | None:
    """Id of the office from or to which travel keeps `clinician` from a visit at `place` that starts at `cell`."""
    for other_id, cells in clinician.located.items():
        travel_cells = 0 if place is None else blocked(snapshot.travel, {other_id: cells}, place)
        if not shape.reserved_from(free_mask(snapshot.window, travel_cells)) >> cell & 1:
            return other_id
    return None


def room_obstacle(rooms: Iterable[Room], people: int, features: frozenset[str], span: Span | None) -> Obstacle:
    """Why no room will do: none exists, none is large enough, none has the features, or all suitable ones are taken."""
    rooms = list(rooms)
    if not rooms:
        return Obstacle(Why.NO_ROOM, span)
    if not any(room.capacity >= people for room in rooms):
        return Obstacle(Why.ROOM_TOO_SMALL, span)
    if not any(fits(room, people, features) for room in rooms):
        return Obstacle(Why.ROOM_LACKS, span)
    return Obstacle(Why.ROOM_TAKEN, span)


def _fewest(base: int, masks: Sequence[int]) -> int:
    # The cells of `base` that lie outside the fewest of `masks`. While looping, levels[n] holds the cells that lie
    # outside exactly n of the masks seen so far.
    levels = [base]
    for mask in masks:
        levels = [*levels, 0]
        for n in range(len(levels) - 1, 0, -1):
            levels[n] = levels[n] & mask | levels[n - 1] & ~mask
        levels[0] &= mask
    return next(level for level in levels if level)
