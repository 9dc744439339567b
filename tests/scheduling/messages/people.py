"""A couple with a four-day booking, and a single visit: held, named and confirmed through the real operations."""

from __future__ import annotations

import time
from datetime import datetime

from backend.outbox.tasks import deliver_due
from backend.transactions import durable
from scheduling.models import Booking
from scheduling.operations.bookings.confirm import confirm_step, lock_for_confirming
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.clients import Person
from scheduling.queries.openings.opening import get_service
from tests.factories import (
    MONDAY,
    NOW,
    a_clinician,
    a_couples_office,
    a_location,
    a_room,
    a_service,
    a_stranger,
    an_actor,
    in_days,
    openings_of,
)

ALEX = Person(name="Alex Example", email="alex@example.com", may_email=True, calendar_invites=True)
SAM = Person(name="Sam Example", email="sam@example.com")
PHONE = "+12145550111"


@durable
def confirm(booking: Booking, now: datetime = NOW, *, notify: bool = True) -> Booking:
    locked = lock_for_confirming(booking=Booking.objects.get(pk=booking.pk))
    confirm_step(draft=BookingDraft.read(locked), by=an_actor(), now=now, notify=notify)
    return locked


def held_couple(*people: Person) -> Booking:
    _, service = a_couples_office()
    return held(service.slug, *people)


def held_visit(*people: Person, mode: str = "office") -> Booking:
    office = a_location("mckinney")
    a_room(office)
    service = a_service("single", locations=[office], modes=[mode])
    a_clinician(office, services=[service])
    return held(service.slug, *people)


def held(slug: str, *people: Person) -> Booking:
    opening = openings_of(service=get_service(slug), first=MONDAY, until=MONDAY + in_days(1), now=NOW)[0]
    booking = hold(opening=opening.id, by=a_stranger(slug), now=NOW)
    name_participants(booking_id=booking.pk, people=people, by=a_stranger(slug), now=NOW)
    return booking


def work(now: datetime = NOW) -> int:
    """Deliver all due messages, as the workers do at `now`."""
    return deliver_due(until=time.monotonic() + 30, now=now)
