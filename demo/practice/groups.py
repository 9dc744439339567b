"""Groups of the demo practice: online evenings booked as cohorts, and weekly hours booked one by one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from backend.transactions import durable
from scheduling.availability.timegrid.walltime import instant
from scheduling.models import Appointment, Closure, Cohort, Location
from scheduling.operations.groups.plan_group import open_group, open_group_step, wanted_group
from scheduling.queries.openings.opening import get_service

from .scene import Scene, has_booked, look

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = 1, 2, 3, 4


class Planned(NamedTuple):
    """A group: service, place, leader, mode and dates, with the number of seats taken in each opening, in order.

    `week`: first week, counted from the current one. `minute`: of the local day. `minimum`: of a cohort, whose
    enrollment ends two days before it begins; 0 for no cohort.
    `first_person`: number of the first person with a seat. `called`: days since it was planned. `is_over`: enrollment
    ended yesterday.
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
    first_person: int
    called: int = 0
    is_over: bool = False


GROUPS = (
    Planned("evenings", "frisco", "Clementine Ashgrove", "online", FRIDAY, 1050, 2, 6, 4, (5,), 10),
    Planned("open-hour", "mckinney", "Thaddeus Moorcroft", "office", WEDNESDAY, 720, 1, 8, 0, (10, 7, 3, 1), 100),
    Planned("evenings", "frisco", "Peregrine Lund-Abbey", "online", THURSDAY, 1050, 1, 6, 4, (2,), 20, 14, True),
    Planned("group", "mckinney", "Isolde Marchbank", "office", TUESDAY, 900, -2, 10, 0, (6, 6, 5, 3), 125, 21),
)


def open_groups(scene: Scene) -> None:
    """Open the groups on days that are not holidays, and book their first seats."""
    for group in GROUPS:
        first = scene.monday + timedelta(weeks=group.week, days=group.weekday)
        days = meeting_days(first, group.times, scene.places[group.place])
        if not _is_planned(group):
            _open(scene, group, days)
        _seat(scene, group, days)


def _called(scene: Scene, group: Planned) -> datetime:
    return scene.called(scene.today - timedelta(days=group.called))


def meeting_days(first: date, times: int, place: Location) -> list[date]:
    """`times` days on which the office is not closed, a week or more apart."""
    closed = Closure.objects.filter(room=None).exclude(location__in=Location.objects.exclude(pk=place.pk))
    spans = list(closed.values_list("during", flat=True))
    days: list[date] = []
    day = first
    while len(days) < times:
        noon = instant(day, 12 * 60, place.tzinfo)
        if not any(span.lower <= noon < span.upper for span in spans):
            days.append(day)
        day += timedelta(weeks=1)
    return days


def _is_planned(group: Planned) -> bool:
    planned = Appointment.objects.filter(service__slug=group.service, leads__clinician__name=group.leader)
    return planned.exists()


def _open(scene: Scene, group: Planned, days: list[date]) -> None:
    service, place, now = get_service(group.service), scene.places[group.place], _called(scene, group)
    starts = [instant(day, group.minute, place.tzinfo) for day in days]
    last = scene.today - timedelta(days=1) if group.is_over else days[0] - timedelta(days=2)
    enroll_by = instant(last, group.minute, place.tzinfo) if group.minimum else None
    leader, minimum = scene.clinicians[group.leader], max(1, group.minimum)
    if days[-1] - days[0] == timedelta(weeks=group.times - 1):
        open_group(
            service=service,
            location=place,
            clinicians=[leader],
            mode=group.mode,
            starts_at=starts[0],
            times=group.times,
            enroll_by=enroll_by,
            minimum=minimum,
            by=scene.by,
            now=now,
        )
        return
    # `open_group` repeats every week. To skip a holiday, its step gets the dates instead.
    wanted = wanted_group(service, place, [leader], group.mode, starts)
    cohort = None
    if enroll_by is not None:
        cohort = Cohort(service=service, location=place, enroll_by=enroll_by, minimum=minimum, created_at=now)
    durable(open_group_step)(wanted=wanted, cohort=cohort, by=scene.by, now=now)


def _seat(scene: Scene, group: Planned, days: list[date]) -> None:
    service, now = get_service(group.service), _called(scene, group)
    found = look(service=service, first=days[0], until=days[-1] + timedelta(days=1), now=now)
    mine = [one for one in found if scene.clinicians[group.leader] in one.clinicians]
    number = group.first_person
    for opening, seats in zip(mine, group.seats, strict=False):
        for person in range(number, number + seats):
            if not has_booked(person):
                scene.book(opening, [person], now)
        number += seats
