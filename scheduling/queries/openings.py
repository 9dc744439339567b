"""What can be booked: openings of a service, and one opening told in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from scheduling.availability import openings as single
from scheduling.availability.plan import Plan
from scheduling.availability.planner import plans
from scheduling.availability.walltime import local_date
from scheduling.models import Clinician, Location, Mode, ProgramBlock, Service
from scheduling.opening_id import OpeningId, UnknownOpening

from .picture import Loaded, Scope, load
from .wishes import STRANGERS, Party, program_of, program_wish, single_wish

LONGEST_DAYS = 186


class BadWindow(Exception):
    """The dates asked for cannot be searched; `str()` says why in words for a person."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """A stretch of a program's day, UTC. `attends`: both, A or B."""

    name: str
    starts_at: datetime
    ends_at: datetime
    attends: str
    clinicians: tuple[Clinician, ...]


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day of a program: its local date, and the first and last instant (UTC) of its blocks."""

    date: date
    starts_at: datetime
    ends_at: datetime
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Opening:
    """One start at one place in one mode. Instants are UTC; wall time is that of `location`."""

    id: str
    service: Service
    starts_at: datetime
    ends_at: datetime
    location: Location
    mode: str
    clinicians: tuple[Clinician, ...]
    days: tuple[Day, ...] = ()


@dataclass(frozen=True)
class Openings:
    """`next_on`: the local date of the first opening after an empty window, if there is one."""

    openings: list[Opening] = field(default_factory=list)
    next_on: date | None = None


def get_service(slug: str) -> Service:
    """An active service with its program. Raises Service.DoesNotExist."""
    return Service.objects.select_related("program").get(slug=slug, is_active=True)


def openings(
    *,
    service: Service,
    first: date,
    until: date,
    now: datetime,
    location: Location | None = None,
    clinician: Clinician | None = None,
    mode: str | None = None,
    party: Party = STRANGERS,
    waive_notice: bool = False,
) -> Openings:
    """Openings that start on the local dates `first` to `until` (exclusive, at most 186 days).

    If there are none, `next_on` is the first date with one, up to the service's horizon. Raises BadWindow.
    """
    check_window(first, until)
    ask = _Ask(service, now, location, clinician, mode, party, waive_notice)
    found = ask.between(first, until)
    return Openings(found, None if found else ask.next_after(until))


def check_window(first: date, until: date) -> None:
    """Refuse an empty, reversed or too long window. Raises BadWindow."""
    if until <= first:
        raise BadWindow("The last date must come after the first.")
    if (until - first).days > LONGEST_DAYS:
        raise BadWindow(f"Ask for at most {LONGEST_DAYS} days at a time.")


@dataclass(frozen=True)
class _Ask:
    service: Service
    now: datetime
    location: Location | None
    clinician: Clinician | None
    mode: str | None
    party: Party
    waive_notice: bool

    def next_after(self, until: date) -> date | None:
        """The local date of the first opening from `until` on."""
        end = self.now.date() + timedelta(days=self.service.horizon_days + 1)
        if until >= end:
            return None
        found = self.between(until, min(end, until + timedelta(days=LONGEST_DAYS)))
        return local_date(found[0].starts_at, found[0].location.tzinfo) if found else None

    def between(self, first: date, until: date) -> list[Opening]:
        """Openings in order of time, place and mode."""
        if self.mode is not None and self.mode not in self.service.modes:
            return []
        scope = self.scope(first, until)
        loaded = load(scope, now=self.now)
        if self.service.is_program:
            return self._programs(loaded, first, until)
        wish = single_wish(
            self.service,
            loaded,
            first=first,
            until=until,
            now=self.now,
            modes=self.mode and [self.mode],
            party=self.party,
            waive_notice=self.waive_notice,
        )
        return [_told(found, self.service, loaded) for found in single.openings(loaded.picture, wish)]

    def scope(self, first: date, until: date) -> Scope:
        one = self.clinician is not None and not self.service.is_program
        return Scope(
            service=self.service,
            first=first,
            until=until,
            days=self.service.program.days if self.service.is_program else 1,
            location_ids=None if self.location is None else frozenset({self.location.pk}),
            clinician_ids=frozenset({self.clinician.pk}) if one and self.clinician else None,
            client_ids=self.party.client_ids,
        )

    def _programs(self, loaded: Loaded, first: date, until: date) -> list[Opening]:
        blocks = blocks_of(self.service)
        wanted = None if self.clinician is None else self.clinician.pk
        wish = program_wish(
            self.service,
            loaded,
            first=first,
            until=until,
            now=self.now,
            clinician_id=wanted,
            party=self.party,
            waive_notice=self.waive_notice,
        )
        found = plans(loaded.picture, program_of(self.service, blocks), wish)
        if wanted is not None:
            found = [plan for plan in found if wanted in plan.pins]
        return [_told_program(plan, self.service, blocks, loaded) for plan in found]


def blocks_of(service: Service) -> list[ProgramBlock]:
    """The blocks of a program in order of time, with their roles."""
    rows = ProgramBlock.objects.filter(program=service.pk).prefetch_related("roles")
    return list(rows.order_by("day", "starts_minute", "pk"))


def _told(found: single.Opening, service: Service, loaded: Loaded) -> Opening:
    location = loaded.locations[found.location_id]
    pin = OpeningId(
        service=service.slug,
        location=location.slug,
        mode=str(found.mode),
        starts_at=found.start,
        clinicians=(found.clinician_id,),
    )
    return Opening(
        id=pin.encode(),
        service=service,
        starts_at=found.start,
        ends_at=found.end,
        location=location,
        mode=str(found.mode),
        clinicians=(loaded.clinicians[found.clinician_id],),
    )


def _told_program(plan: Plan, service: Service, blocks: Sequence[ProgramBlock], loaded: Loaded) -> Opening:
    location = loaded.locations[plan.location_id]
    pin = OpeningId(
        service=service.slug,
        location=location.slug,
        mode=Mode.OFFICE,
        starts_at=plan.start,
        clinicians=plan.pins,
    )
    names = {block.pk: block.name for block in blocks}
    told = [
        Block(
            name=names[block.block_id],
            starts_at=block.start,
            ends_at=block.end,
            attends=str(block.attends),
            clinicians=tuple(loaded.clinicians[pk] for _, pk in block.clinicians),
        )
        for block in plan.blocks
    ]
    return _program_opening(pin, service, location, told)


def _program_opening(pin: OpeningId, service: Service, location: Location, blocks: list[Block]) -> Opening:
    people = dict.fromkeys(person for block in blocks for person in block.clinicians)
    return Opening(
        id=pin.encode(),
        service=service,
        starts_at=min(block.starts_at for block in blocks),
        ends_at=max(block.ends_at for block in blocks),
        location=location,
        mode=pin.mode,
        clinicians=tuple(people),
        days=_days(blocks, location),
    )


def _days(blocks: Iterable[Block], location: Location) -> tuple[Day, ...]:
    ordered = sorted(blocks, key=lambda block: (block.starts_at, block.attends))
    days = groupby(ordered, key=lambda block: local_date(block.starts_at, location.tzinfo))
    told = []
    for day, group in days:
        mine = tuple(group)
        told.append(
            Day(date=day, starts_at=mine[0].starts_at, ends_at=max(block.ends_at for block in mine), blocks=mine)
        )
    return tuple(told)


def describe(opening_id: str) -> Opening:
    """What an id names, in full, without asking whether it is still free. Raises UnknownOpening."""
    pin = OpeningId.decode(opening_id)
    service = Service.objects.select_related("program").filter(slug=pin.service, is_active=True).first()
    location = Location.objects.filter(slug=pin.location, is_active=True).first()
    if service is None or location is None or pin.mode not in service.modes:
        raise UnknownOpening("This opening is not known. Look for times again.")
    people = Clinician.objects.in_bulk(set(pin.clinicians))
    if set(people) != set(pin.clinicians) or not pin.clinicians:
        raise UnknownOpening("This opening is not known. Look for times again.")
    if service.is_program:
        return _describe_program(pin, service, location, people)
    assert service.duration_minutes is not None
    return Opening(
        id=opening_id,
        service=service,
        starts_at=pin.starts_at,
        ends_at=pin.starts_at + timedelta(minutes=service.duration_minutes),
        location=location,
        mode=pin.mode,
        clinicians=tuple(people[pk] for pk in pin.clinicians),
    )


def _describe_program(pin: OpeningId, service: Service, location: Location, people: dict[int, Clinician]) -> Opening:
    from scheduling.availability.walltime import instant

    start_date = local_date(pin.starts_at, location.tzinfo)
    pins = iter(pin.clinicians)
    blocks = []
    try:
        for block in blocks_of(service):
            day = start_date + timedelta(days=block.day)
            blocks.append(
                Block(
                    name=block.name,
                    starts_at=instant(day, block.starts_minute, location.tzinfo),
                    ends_at=instant(day, block.ends_minute, location.tzinfo),
                    attends=block.attends,
                    clinicians=tuple(people[next(pins)] for _ in block.roles.all()),
                )
            )
    except (StopIteration, RuntimeError) as error:
        raise UnknownOpening("This opening is not known. Look for times again.") from error
    return _program_opening(pin, service, location, blocks)


def alternatives(opening_id: str, *, now: datetime, most: int = 3) -> list[Opening]:
    """Openings of the same service near an opening that was lost: same place first, then nearest in time."""
    wanted = describe(opening_id)
    day = local_date(wanted.starts_at, wanted.location.tzinfo)
    spread = timedelta(days=28 if wanted.service.is_program else 7)
    today = local_date(now, wanted.location.tzinfo)
    found = openings(
        service=wanted.service, first=max(today, day - spread), until=day + spread, now=now, mode=wanted.mode
    ).openings
    others = [one for one in found if one.id != opening_id]
    others.sort(key=lambda one: (one.location != wanted.location, abs(one.starts_at - wanted.starts_at)))
    return others[:most]
