"""A small practice for reads: one office, one room, one person who works Monday to Friday, 9:00 AM to 5:00 PM."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from psycopg.types.range import Range

from scheduling.models import Clinician, InternalEvent, Location, Reservation, Resource, Room, Service
from scheduling.queries.openings.opening import Opening, get_service
from tests.factories import MONDAY, NOW, a_clinician, a_location, a_room, a_service, openings_of
from tests.scheduling.models import rows

CHICAGO = ZoneInfo("America/Chicago")
ALL_DAY = [f"{hour}:00" for hour in range(9, 17)]


@dataclass
class World:
    office: Location
    room: Room
    service: Service
    person: Clinician


def a_world() -> World:
    """A world whose visits start on the hour: 50 minutes and a buffer of ten."""
    office = a_location("mckinney")
    service = a_service("single", locations=[office], step_minutes=60, modes=["office"])
    return World(office, a_room(office), service, a_clinician(office, services=[service]))


def between(first: float, last: float, day: date = MONDAY) -> Range[datetime]:
    """A period of a day, from and to hours of Chicago's wall time."""
    return Range(clock(day, first), clock(day, last), "[)")


def clock(day: date, hour: float) -> datetime:
    local = datetime.combine(day, time(int(hour), round(hour % 1 * 60)), CHICAGO)
    return local.astimezone(UTC)


def found(service: Service, day: date = MONDAY, days: int = 1, now: datetime = NOW, **criteria) -> list[Opening]:
    until = day + timedelta(days=days)
    return openings_of(service=get_service(service.slug), first=day, until=until, now=now, **criteria)


def starts(service: Service, day: date = MONDAY, **criteria) -> list[str]:
    """Chicago wall times at which `service` can start on a day, such as “9:00”."""
    return [wall_time(one.starts_at) for one in found(service, day, **criteria)]


def wall_time(instant: datetime) -> str:
    local = instant.astimezone(CHICAGO)
    return f"{local.hour}:{local.minute:02}"


def a_visit(person: Clinician, service: Service, office: Location | None, during: Range, **fields) -> Reservation:
    """An appointment with `person`, who works in `office` (None: at home)."""
    location = office or person.base_location
    mode = "office" if office else "online"
    visit = rows.saved(rows.appointment(service=service, during=during, location=location, office=office, mode=mode))
    return Reservation.objects.create(resource=person.resource, appointment=visit, during=during, **fields)


def an_event(resource: Resource, during: Range, location: Location | None = None) -> Reservation:
    """One occurrence of an internal event."""
    event = InternalEvent.objects.create(kind="meeting", title="Meeting", during=during, location=location)
    return Reservation.objects.create(resource=resource, internal_event=event, during=during)
