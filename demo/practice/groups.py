"""Groups of the demo practice: six evenings online that begin together, and an hour at noon that anybody may join."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from backend.accounts.actor import Actor
from backend.transactions import durable
from billing.operations.booking import book
from scheduling.availability.timegrid.walltime import instant
from scheduling.models import Clinician, Location, Service
from scheduling.operations.clients import Person, add_client_step
from scheduling.operations.groups.plan_group import open_group
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.search import Search

from .calendar import REASON

FRIDAY, WEDNESDAY = 4, 2


class Planned(NamedTuple):
    """A group: who leads it where, from the n-th week on, and how many have a seat already, in order of its openings.

    `minute`: of the local day. `minimum`: of a cohort, which is enrolled for until two days before; 0 for no cohort.
    """

    service: str
    place: str
    leader: str
    mode: str
    weekday: int
    minute: int
    week: int
    times: int
    minimum: int
    seats: tuple[int, ...]


GROUPS = (
    Planned("evenings", "frisco", "Clementine Ashgrove", "online", FRIDAY, 1050, 2, 6, 4, (5,)),
    Planned("open-hour", "mckinney", "Thaddeus Moorcroft", "office", WEDNESDAY, 720, 1, 8, 0, (10, 7, 3, 1)),
)


def open_groups(
    places: dict[str, Location],
    services: dict[str, Service],
    clinicians: list[Clinician],
    *,
    by: Actor,
    people: Iterator[Person],
    today: date,
    now: datetime,
) -> int:
    """Plan the groups before calendars fill, and seat the first who came. Returns how many seats were taken."""
    leaders = {clinician.name: clinician for clinician in clinicians}
    monday = today - timedelta(days=today.weekday())
    seated = 0
    for group in GROUPS:
        service, place = services[group.service], places[group.place]
        first = monday + timedelta(weeks=group.week, days=group.weekday)
        open_group(
            service=service,
            location=place,
            clinicians=[leaders[group.leader]],
            mode=group.mode,
            starts_at=instant(first, group.minute, place.tzinfo),
            times=group.times,
            enroll_by=instant(first - timedelta(days=2), group.minute, place.tzinfo) if group.minimum else None,
            minimum=group.minimum or 1,
            by=by,
            now=now,
        )
        seated += _seat(service, group, by, people, first, now)
    return seated


def _seat(service: Service, group: Planned, by: Actor, people: Iterator[Person], first: date, now: datetime) -> int:
    found = openings(Search(service=service, first=first, until=first + timedelta(weeks=group.times), now=now)).openings
    for opening, seats in zip(found, group.seats, strict=False):
        for _ in range(seats):
            client = durable(add_client_step)(person=next(people), by=by, now=now)
            book(
                opening=opening.id,
                people=[Person(client_id=client.pk)],
                accept_policy=True,
                by=by,
                now=now,
                unpaid_reason=REASON,
                notify=False,
            )
    return sum(group.seats)
