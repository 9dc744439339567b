"""An opening with its rows, made from a search's result or from its id."""

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
    """A block of a program, with instants in UTC. `attends`: both, A or B."""

    name: str
    starts_at: datetime
    ends_at: datetime
    attends: str
    clinicians: tuple[Clinician, ...]


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day of a program: its local date, its blocks, and their first and last instant (UTC)."""

    date: date
    starts_at: datetime
    ends_at: datetime
    blocks: tuple[Block, ...]


class Opening(NamedTuple):
    """A start that can be booked, at one place in one mode. Instants are UTC; wall time is that of `location`.

    `pins`: ids of the pinned clinicians, in the order of `OpeningId`. `further`, `every_n_weeks`, `weeks`: see
    `OpeningId`. `seats_left`: for a group only, else None.
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
        """All starts (UTC) that are booked with this opening."""
        return (self.starts_at, *self.further)

    @property
    def id(self) -> str:
        """The id that `hold` takes (see `OpeningId`). A property, because few openings of a long list need it."""
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
    """Active services with their programs, except services that have neither a duration nor a block yet."""
    blocks = ProgramBlock.objects.filter(program=OuterRef("pk"))
    complete = Q(duration_minutes__isnull=False) | Q(Exists(blocks))
    return Service.objects.select_related("program").filter(complete, is_active=True)


def get_service(slug: str) -> Service:
    """The service on offer with this slug. Raises Service.DoesNotExist."""
    return services_on_offer().get(slug=slug)


def blocks_of(service: Service) -> list[Any]:
    """Blocks of a program in order of time, in one query. Each has `role_ids`, in order, and `shared_role_ids`.

    In a shared role one clinician may see both partners individually.
    """
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
    """The opening of a program with these blocks."""
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
    by_date = groupby(ordered, key=lambda block: local_date(block.starts_at, location.tzinfo))
    days = []
    for day, group in by_date:
        same_day = tuple(group)
        ends_at = max(block.ends_at for block in same_day)
        days.append(Day(date=day, starts_at=same_day[0].starts_at, ends_at=ends_at, blocks=same_day))
    return tuple(days)


def describe(opening_id: str) -> Opening:
    """The opening that an id names, free or not. Raises UnknownOpening, also if it is not on offer any more."""
    pin = OpeningId.decode(opening_id)
    service = services_on_offer().filter(slug=pin.service).first()
    location = Location.objects.filter(slug=pin.location, is_active=True).first()
    if service is None or location is None or pin.mode not in service.modes:
        raise UnknownOpening(UNKNOWN)
    return describe_pin(pin, service, location)


def is_on_offer(service: Service, location: Location, mode: str) -> bool:
    """True if the service is on offer in this mode and the location is active."""
    return location.is_active and mode in service.modes and services_on_offer().filter(pk=service.pk).exists()


def describe_pin(pin: OpeningId, service: Service, location: Location) -> Opening:
    """The opening of a decoded id, on offer or not. `service` and `location` are the rows that its slugs name.

    Raises UnknownOpening for unknown clinicians, or a program with other blocks.
    """
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
            # Only the start is a wall time. The length is in elapsed minutes, as in planning.
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
