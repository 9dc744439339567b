"""A practice of a given size with a given number of reservations, written in seconds."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from billing.models import Price
from scheduling.models import (
    Clinician,
    License,
    Location,
    Program,
    ProgramRole,
    Room,
    Service,
    TravelTime,
    WorkingHours,
)
from tests import factories as make

from .instants import FIRST, ZONE

HOUR = timedelta(hours=1)


def open_practice(
    clinicians: int, offices: int, reservations: int, *, travelling: bool = True, filled: float = 0.6
) -> Service:
    """Everybody works 9 to 5 on weekdays in every office; three rooms each; an hour's visit, on the quarter hours.

    Half of the `reservations` are clinicians' and half are rooms': two for each visit. They fill `filled` of the hours
    from the middle of the window outward, to both sides, so that most lie outside it. `travelling`: visits are in the
    offices, a minute apart; else clinicians give them from home, and every start that the floor finds is an opening.
    """
    places = [make.a_location(hours=(480, 1200)) for _ in range(offices)]
    service = make.a_service(
        "hour", locations=places, duration_minutes=60, buffer_after=0, step_minutes=15, horizon_days=365
    )
    rooms = [make.a_room(place) for place in places for _ in range(3)]
    people = [make.a_clinician(places[n % offices], services=[service], hours=None) for n in range(clinicians)]
    License.objects.update(expires_on=date(2040, 1, 1))
    WorkingHours.objects.bulk_create(
        WorkingHours(clinician=one, location=place, weekday=day, starts_minute=540, ends_minute=1020)
        for one in people
        for place in places
        for day in range(5)
    )
    TravelTime.objects.bulk_create(
        TravelTime(origin=a, destination=b, minutes=1) for a in places for b in places if a != b
    )
    _copy([*_visits([one.pk for one in people], rooms, reservations // 2, filled)], service, travelling)
    return service


def open_program() -> Service:
    """A couple's five days, apart for an hour and a half of each, in every office; everybody has one of its roles."""
    service = make.a_couples_program("five-days", days=5, locations=list(Location.objects.order_by("pk")))
    service.horizon_days = 365
    service.save()
    Program.objects.update(start_weekdays=[0])
    roles = ProgramRole.objects.order_by("pk")
    for number, person in enumerate(Clinician.objects.order_by("pk")):
        person.roles.set([roles[number % len(roles)]])
    Price.objects.create(service=service, amount_cents=480_000, valid_from=date(2030, 1, 1))
    return service


def _visits(people: list[int], rooms: list[Room], number: int, filled: float) -> Iterator[tuple[int, Room, datetime]]:
    chance, left, away = random.Random(7), number, 0
    while left:
        day = FIRST + timedelta(days=15 + (away + 1) // 2 * (1 if away % 2 else -1))
        away += 1
        for hour in range(9, 17) if day.weekday() < 5 else ():
            busy = [one for one in people if chance.random() < filled][: min(left, len(rooms))]
            at = datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).astimezone(UTC)
            yield from ((one, room, at) for one, room in zip(busy, chance.sample(rooms, len(busy)), strict=True))
            left -= len(busy)


def _copy(visits: list[tuple[int, Room, datetime]], service: Service, travelling: bool) -> None:
    # Triggers rest meanwhile: they would write the history of rows that have none.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        _copy_rows(
            cursor,
            "scheduling_appointment (id, service_id, during, mode, location_id, office_id, room_id, capacity,"
            " seats_taken, status)",
            (
                (n, service.pk, _span(at), "office" if travelling else "online", room.location_id)
                + ((room.location_id, room.pk) if travelling else (None, None))
                + (1, 0, "planned")
                for n, (_, room, at) in enumerate(visits, 1)
            ),
        )
        _copy_rows(
            cursor,
            "scheduling_reservation (resource_id, during, appointment_id)",
            (
                (resource_id, _span(at), n)
                for n, (one, room, at) in enumerate(visits, 1)
                for resource_id in (one, room.pk)
            ),
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('scheduling_appointment', 'id'), %s)", [max(len(visits), 1)]
        )
        cursor.execute("ANALYZE")


def _copy_rows(cursor, table: str, rows) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _span(at: datetime) -> str:
    return f"[{at.isoformat()},{(at + HOUR).isoformat()})"
