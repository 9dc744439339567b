"""A small practice described in spans, its snapshot, and a slow check of the rules: one start at a time, no masks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduling.availability.rules.breaks import BreakRule, breaks_in
from scheduling.availability.single.criteria import Criteria
from scheduling.availability.snapshot import Clinician, External, Location, Mode, Room, Snapshot
from scheduling.availability.timegrid.grid import CELL, Span, Window
from scheduling.availability.timegrid.masks import between_mask, hours_mask
from scheduling.availability.timegrid.travel import Travel
from scheduling.availability.timegrid.walltime import day_start
from scheduling.availability.timegrid.weekly_hours import WeeklyRule, expand

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Person:
    """A clinician. `rules`: hours by place (None: at home). `visits`: reserved spans, each with its place or None."""

    id: int
    base: int
    rules: dict[int | None, tuple[WeeklyRule, ...]]
    visits: tuple[tuple[Span, int | None], ...] = ()
    booked: dict[date, int] = field(default_factory=dict)
    daily_limit: int | None = None
    usual_room_ids: tuple[int, ...] = ()
    roles: frozenset[int] = frozenset({1, 2, 3})
    intensive: dict[date, int] = field(default_factory=dict)
    weekly_limit: int | None = None
    intensive_daily_limit: int | None = None
    rests: dict[date, int] = field(default_factory=dict)
    breaks: tuple[BreakRule, ...] = ()
    # Office id -> first local date on which the license there is no longer valid; None for a clinician who needs none.
    licensed_until: dict[int, date] | None = None


@dataclass(frozen=True)
class Office:
    id: int
    zone: ZoneInfo
    rules: tuple[WeeklyRule, ...]
    closures: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Den:
    id: int
    office: int
    capacity: int
    reserved: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Guest:
    """An external person. `windows`: place (None: anywhere) -> spans in which they can come."""

    id: int
    windows: dict[int | None, tuple[Span, ...]]
    reserved: tuple[Span, ...] = ()

    def can_be_at(self, office: int, visit: Span) -> bool:
        if any(visit.overlaps(span) for span in self.reserved):
            return False
        windows = [*self.windows.get(None, ()), *self.windows.get(office, ())]
        minutes = (visit.start + n * CELL for n in range((visit.end - visit.start) // CELL))
        return all(any(w.start <= at and at + CELL <= w.end for w in windows) for at in minutes)


@dataclass(frozen=True)
class Practice:
    offices: dict[int, Office]
    people: dict[int, Person]
    dens: dict[int, Den]
    travel: dict[tuple[int, int], int]
    clients: dict[int, tuple[Span, ...]] = field(default_factory=dict)
    guests: dict[int, Guest] = field(default_factory=dict)
    # Client id -> when and where others are whom the client must not meet.
    apart: dict[int, tuple[tuple[Span, int], ...]] = field(default_factory=dict)

    def snapshot_of(self, window: Window) -> Snapshot:
        return Snapshot(
            window,
            {one.id: Location(one.id, one.zone, hours_mask(window, one.zone, one.rules) & ~window.outward(one.closures))
             for one in self.offices.values()},
            {one.id: self._clinician(window, one) for one in self.people.values()},
            {one.id: Room(one.id, one.office, one.capacity, window.outward(one.reserved))
             for one in self.dens.values()},
            Travel(self.travel),
            {one: window.outward(spans) for one, spans in self.clients.items()},
            {one.id: External(one.id, {place: window.inward(spans) for place, spans in one.windows.items()},
                              window.outward(one.reserved))
             for one in self.guests.values()},
            {one: {office: window.outward(span for span, at in there if at == office) for office in self.offices}
             for one, there in self.apart.items()},
        )  # fmt: skip

    def _clinician(self, window: Window, one: Person) -> Clinician:
        places = {place for _, place in one.visits if place is not None}
        return Clinician(
            one.id,
            one.base,
            {place: hours_mask(window, self.zone(one, place), rules) for place, rules in one.rules.items()},
            window.outward(span for span, _ in one.visits),
            {place: window.outward(span for span, at in one.visits if at == place) for place in places},
            services=frozenset({1}),
            roles=one.roles,
            booked=one.booked,
            intensive=one.intensive,
            rests=one.rests,
            daily_limit=one.daily_limit,
            weekly_limit=one.weekly_limit,
            intensive_daily_limit=one.intensive_daily_limit,
            usual_room_ids=one.usual_room_ids,
            licensed=None
            if one.licensed_until is None
            else {
                place: between_mask(window, window.start, day_start(until, self.offices[place].zone))
                for place, until in one.licensed_until.items()
            },
            breaks=breaks_in(window, self.zone(one, None), one.breaks),
        )

    def zone(self, one: Person, place: int | None) -> ZoneInfo:
        return self.offices[one.base if place is None else place].zone

    def can_come(self, one: Person, place: int | None, visit: Span, reserved: Span) -> bool:
        """True if `one` works, the place is open for the visit, and `one` is free for `reserved` and travel."""
        if not inside(visit, one.rules.get(place, ()), self.zone(one, place)):
            return False
        if not self.licensed(one, one.base if place is None else place, visit):
            return False
        if place is not None and not self.is_open(self.offices[place], visit):
            return False
        if any(self._blocks(span, at, place, reserved) for span, at in one.visits):
            return False
        return self.keeps_breaks(one, place, [reserved])

    def licensed(self, one: Person, office: int, visit: Span) -> bool:
        """True if every minute is on a local date on which the license for that office is valid."""
        if one.licensed_until is None:
            return True
        last = (visit.end - timedelta(minutes=1)).astimezone(self.offices[office].zone).date()
        return office in one.licensed_until and last < one.licensed_until[office]

    def keeps_breaks(self, one: Person, place: int | None, reserved: list[Span]) -> bool:
        """True if every break still fits when `one` is also at `place` for `reserved`; tries every five minutes.

        A break that did not fit before does not count, unless something reserved touches its time.
        """
        zone = self.zone(one, None)
        first = min(span.start for span in reserved).astimezone(zone).date() - DAY
        last = max(span.end for span in reserved).astimezone(zone).date() + DAY
        days = [first + n * DAY for n in range((last - first).days + 1)]
        visits = [*one.visits, *((span, place) for span in reserved)]
        for long, cells in (five_minutes(zone, day, rule) for day in days for rule in one.breaks):
            touched = any(span.overlaps(cell) for span in reserved for cell in cells)
            had = bool(cells) and (touched or self.has_break(one.visits, long, cells))
            if had and not self.has_break(visits, long, cells):
                return False
        return True

    def has_break(self, visits: Sequence[tuple[Span, int | None]], long: int, cells: list[Span]) -> bool:
        """True if `long` cells in a row are free of `visits` and of the travel between any two around them."""
        return any(self.allows_break(visits, rest) for rest in rests(long, cells))

    def allows_break(self, visits: Sequence[tuple[Span, int | None]], rest: Span) -> bool:
        """True if no visit overlaps `rest`, and any two visits around it leave time for it and for travel."""
        earlier = [(span, at) for span, at in visits if span.end <= rest.start]
        later = [(span, at) for span, at in visits if span.start >= rest.end]
        return len(earlier) + len(later) == len(visits) and all(
            after.start - before.end >= rest.end - rest.start + self.way(origin, destination)
            for before, origin in earlier
            for after, destination in later
        )

    def way(self, origin: int | None, destination: int | None) -> timedelta:
        """Travel time between two places; zero from or to home (None)."""
        known = origin is not None and destination is not None and origin != destination
        return timedelta(minutes=self.travel[origin, destination] if known else 0)

    def _blocks(self, span: Span, at: int | None, place: int | None, reserved: Span) -> bool:
        return span.start - self.way(place, at) < reserved.end and reserved.start < span.end + self.way(at, place)

    def is_open(self, office: Office, visit: Span) -> bool:
        return inside(visit, office.rules, office.zone) and not any(shut.overlaps(visit) for shut in office.closures)

    def has_room(self, den: Den, people: int, reserved: Span) -> bool:
        return den.capacity >= people and not any(reserved.overlaps(span) for span in den.reserved)

    def takers(self, criteria: Criteria, start: datetime, location_id: int, mode: Mode) -> list[int]:
        """The ids of all clinicians who could take a visit at `start`, by checking one rule after the other."""
        if not self._may_start(criteria, start, location_id):
            return []
        visit = Span(start, start + timedelta(minutes=criteria.length))
        reserved = visit.widened(timedelta(minutes=criteria.buffer_before), timedelta(minutes=criteria.buffer_after))
        if any(span.overlaps(visit) for client in criteria.client_ids for span in self.clients.get(client, ())):
            return []
        if mode is Mode.OFFICE and self.meets(criteria.client_ids, visit, location_id):
            return []
        return [
            one.id for one in self.people.values() if self._takes(one, criteria, location_id, mode, visit, reserved)
        ]

    def meets(self, clients: Iterable[int | None], visit: Span, office: int) -> bool:
        """True if one of the clients would be there together with somebody they are kept apart from."""
        others = [other for client in clients if client is not None for other in self.apart.get(client, ())]
        return any(at == office and span.overlaps(visit) for span, at in others)

    def _may_start(self, criteria: Criteria, start: datetime, location_id: int) -> bool:
        local = start.astimezone(self.offices[location_id].zone)
        return (
            (local.hour * 60 + local.minute) % criteria.step == 0
            and criteria.first <= local.date() < criteria.until
            and criteria.earliest <= start < criteria.latest
        )

    def _takes(
        self, one: Person, criteria: Criteria, location_id: int, mode: Mode, visit: Span, reserved: Span
    ) -> bool:
        day = visit.start.astimezone(self.offices[location_id].zone).date()
        if one.daily_limit is not None and one.booked.get(day, 0) + criteria.length > one.daily_limit:
            return False
        people = criteria.people if mode is Mode.OFFICE else 1
        roomy = any(den.office == location_id and self.has_room(den, people, reserved) for den in self.dens.values())
        if roomy and self.can_come(one, location_id, visit, reserved):
            return True
        at_home = mode is not Mode.OFFICE and one.base == location_id
        return at_home and self.can_come(one, None, visit, reserved)


def rests(long: int, cells: list[Span]) -> list[Span]:
    """The span of every `long` of the five-minute `cells` in a row."""
    return [Span(a.start, b.end) for a, b in zip(cells, cells[max(long - 1, 0) :], strict=False)]


@lru_cache(maxsize=4096)
def five_minutes(zone: ZoneInfo, day: date, rule: BreakRule) -> tuple[int, list[Span]]:
    """How many five-minute cells the break takes, and the cells between its two times on `day`."""
    if rule.weekdays and day.weekday() not in rule.weekdays:
        return 0, []
    noon = datetime.combine(day, time(12), UTC)
    shown = []
    for n in range(-30 * 12, 30 * 12):
        local = (noon + n * CELL).astimezone(zone)
        if local.date() == day and rule.starts_minute <= local.hour * 60 + local.minute < rule.ends_minute:
            shown.append(n)
    every = range(shown[0], shown[-1] + 1) if shown else ()
    return rule.minutes // 5, [Span(noon + n * CELL, noon + (n + 1) * CELL) for n in every]


@lru_cache(maxsize=4096)
def hours_around(rules: tuple[WeeklyRule, ...], zone: ZoneInfo, day: date) -> list[Span]:
    return expand(rules, zone, day - DAY, day + 3 * DAY)


def inside(visit: Span, rules: tuple[WeeklyRule, ...], zone: ZoneInfo) -> bool:
    """True if every five minutes of `visit` lie in the hours."""
    hours = hours_around(rules, zone, visit.start.astimezone(zone).date())
    at = visit.start
    while at < visit.end:
        if not any(span.start <= at and at + CELL <= span.end for span in hours):
            return False
        at += CELL
    return True
