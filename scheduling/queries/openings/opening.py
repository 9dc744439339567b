"""One opening told in full, from what was found or from its id alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from scheduling.availability.timegrid.walltime import WallTimeError, instant, local_date
from scheduling.models import Clinician, Location, ProgramBlock, Service
from scheduling.opening_id import OpeningId, UnknownOpening

UNKNOWN = "This opening is not known. Look for times again."


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


class Opening(NamedTuple):
    """One start at one place in one mode. Instants are UTC; wall time is that of `location`.

    `pins`: the ids of the clinicians who are pinned, as `OpeningId` wants them; `further`, `every_n_weeks` and
    `weeks` as there. `seats_left`: of a group; None for everything else.
    """

    pins: tuple[int, ...]
    service: Service
    starts_at: datetime
    ends_at: datetime
    location: Location
    mode: str
    clinicians: tuple[Clinician, ...]
    days: tuple[Day, ...] = ()
    further: tuple[datetime, ...] = ()
    every_n_weeks: int = 0
    weeks: int = 0
    seats_left: int | None = None

    @property
    def starts(self) -> tuple[datetime, ...]:
        """Every start that is booked with this opening, UTC."""
        return (self.starts_at, *self.further)

    @property
    def id(self) -> str:
        """What is given back to hold it (see `OpeningId`). Encoded when asked for: of a long list few are."""
        return OpeningId(
            service=self.service.slug,
            location=self.location.slug,
            mode=self.mode,
            starts_at=self.starts_at,
            clinicians=self.pins,
            further=self.further,
            every_n_weeks=self.every_n_weeks,
            weeks=self.weeks,
        ).encode()


def services_on_offer() -> QuerySet[Service]:
    """Active services with their programs; not those that are entered only half, without a length or a block."""
    blocks = ProgramBlock.objects.filter(program=OuterRef("pk"))
    complete = Q(duration_minutes__isnull=False) | Q(Exists(blocks))
    return Service.objects.select_related("program").filter(complete, is_active=True)


def get_service(slug: str) -> Service:
    """A service on offer. Raises Service.DoesNotExist."""
    return services_on_offer().get(slug=slug)


def blocks_of(service: Service) -> list[Any]:
    """The blocks of a program in order of time, each with its `role_ids` in order, and those of them in which one
    person may see both partners alone: one query."""
    roles = ProgramBlock.roles.through.objects.filter(programblock=OuterRef("pk")).order_by("programrole")
    shared = roles.filter(programrole__for_both_partners=True)
    rows = ProgramBlock.objects.filter(program=service.pk).annotate(
        role_ids=ArraySubquery(roles.values("programrole")),
        shared_role_ids=ArraySubquery(shared.values("programrole")),
    )
    return list(rows.order_by("day", "starts_minute", "pk"))


def program_opening(
    pins: tuple[int, ...], service: Service, location: Location, mode: str, blocks: list[Block]
) -> Opening:
    """The opening of a program whose `blocks` are told already."""
    people = dict.fromkeys(person for block in blocks for person in block.clinicians)
    return Opening(
        pins=pins,
        service=service,
        starts_at=min(block.starts_at for block in blocks),
        ends_at=max(block.ends_at for block in blocks),
        location=location,
        mode=mode,
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
    """What an id names, in full, without asking whether it is still free. Raises UnknownOpening, also for what is on
    offer no more."""
    pin = OpeningId.decode(opening_id)
    service = services_on_offer().filter(slug=pin.service).first()
    location = Location.objects.filter(slug=pin.location, is_active=True).first()
    if service is None or location is None or pin.mode not in service.modes:
        raise UnknownOpening(UNKNOWN)
    return describe_pin(pin, service, location)


def is_on_offer(service: Service, location: Location, mode: str) -> bool:
    """True if all three are active and go together today."""
    return location.is_active and mode in service.modes and services_on_offer().filter(pk=service.pk).exists()


def describe_pin(pin: OpeningId, service: Service, location: Location) -> Opening:
    """The same for the rows that its slugs name, on offer or not."""
    people = Clinician.objects.in_bulk(set(pin.clinicians))
    if set(people) != set(pin.clinicians) or not pin.clinicians:
        raise UnknownOpening(UNKNOWN)
    if service.is_program:
        return _describe_program(pin, service, location, people)
    assert service.duration_minutes is not None
    return Opening(
        pins=pin.clinicians,
        service=service,
        starts_at=pin.starts_at,
        ends_at=pin.starts_at + timedelta(minutes=service.duration_minutes),
        location=location,
        mode=pin.mode,
        clinicians=tuple(people[pk] for pk in pin.clinicians),
        further=pin.further,
        every_n_weeks=pin.every_n_weeks,
        weeks=pin.weeks,
    )


def _describe_program(pin: OpeningId, service: Service, location: Location, people: dict[int, Clinician]) -> Opening:
    rows = blocks_of(service)
    # The first block need not be on the first day.
    start_date = local_date(pin.starts_at, location.tzinfo) - timedelta(days=rows[0].day if rows else 0)
    if len(pin.clinicians) != sum(len(block.role_ids) for block in rows):
        raise UnknownOpening(UNKNOWN)
    pins = iter(pin.clinicians)
    blocks = []
    try:
        for block in rows:
            # Its length is in real minutes, as it is planned: only its start is a wall time.
            start = instant(start_date + timedelta(days=block.day), block.starts_minute, location.tzinfo)
            blocks.append(
                Block(
                    name=block.name,
                    starts_at=start,
                    ends_at=start + timedelta(minutes=block.ends_minute - block.starts_minute),
                    attends=block.attends,
                    clinicians=tuple(people[next(pins)] for _ in block.role_ids),
                )
            )
    except WallTimeError as error:
        raise UnknownOpening(UNKNOWN) from error
    return program_opening(pin.clinicians, service, location, pin.mode, blocks)
