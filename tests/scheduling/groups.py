"""Groups for tests: an office with one big room, a service for groups, and a clinician who leads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from backend.accounts.actor import Actor
from scheduling.models import Appointment, Attendance, Booking, Clinician, Location, Participant, Room, Service
from scheduling.operations.groups.plan_group import open_group
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.opening import Opening, get_service
from scheduling.queries.openings.search import Search
from tests.factories import MONDAY, NOW, a_clinician, a_location, a_room, a_service, an_actor
from tests.scheduling.models import rows
from tests.scheduling.queries.world import clock

WEEK = timedelta(weeks=1)
# A Tuesday. Six weekly dates from it on include the clock change of 2027-03-14.
TUESDAY = date(2027, 3, 2)


@dataclass
class Groups:
    """An office for groups and its people. `open` plans a group there; `free` lists its openings."""

    office: Location
    room: Room
    service: Service
    leader: Clinician
    staff: Actor

    def open(self, day: date = TUESDAY, hour: float = 11, **more: Any) -> list[Appointment]:
        """Open a group at an hour of Chicago's wall time."""
        plain = {"service": self.service, "location": self.office, "clinicians": [self.leader], "mode": "office"}
        return open_group(**plain | {"starts_at": clock(day, hour), "by": self.staff, "now": NOW} | more)

    def open_cohort(self, day: date = TUESDAY, times: int = 6, **more: Any) -> list[Appointment]:
        plain = {"enroll_by": clock(day - WEEK, 17), "minimum": 3}
        return self.open(day, times=times, **plain | more)

    def free(self, first: date = MONDAY, days: int = 90, now: datetime = NOW, **criteria: Any) -> list[Opening]:
        until = first + timedelta(days=days)
        return openings(
            Search(service=get_service(self.service.slug), first=first, until=until, now=now, **criteria)
        ).openings


def a_place_for_groups(*, capacity: int = 4, **fields: Any) -> Groups:
    office = a_location()
    room = a_room(office, capacity=capacity + 2)
    plain = {"party": "group", "capacity": capacity, "duration_minutes": 90, "modes": ["office", "online"]}
    service = a_service(locations=[office], **plain | fields)
    return Groups(office, room, service, a_clinician(office, services=[service]), an_actor("owner"))


def sit_in(appointments: list[Appointment], *, seat_no: int = 1, confirmed: bool = True, **fields: Any) -> Booking:
    """Write a booking with a seat in each of `appointments`. `fields`: of the booking."""
    first = appointments[0]
    plain = {"service": first.service, "location": first.location, "kind": "seat"}
    made: Booking = rows.saved(rows.booking(**plain | fields))
    person: Participant = rows.saved(rows.participant(booking=made, track="A"))
    for appointment in appointments:
        Attendance.objects.create(participant=person, appointment=appointment, seat_no=seat_no)
    if confirmed:
        made.status, made.confirmed_at = Booking.Status.CONFIRMED, NOW
        made.save()
    return made
