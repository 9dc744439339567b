"""Standing appointments for tests: Tuesdays at three, held or confirmed through the real operations."""

from __future__ import annotations

from datetime import date
from typing import Any

from scheduling.models import Appointment, Booking
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.clients import Person
from scheduling.queries.openings.opening import Opening
from scheduling.queries.openings.series import series
from tests.factories import NOW, an_actor
from tests.scheduling.messages.people import confirm
from tests.scheduling.queries.weekly import TUESDAY, at
from tests.scheduling.queries.world import CHICAGO, World

ALEX = Person(name="Alex Example", email="alex@example.com", may_email=True, calendar_invites=True)
ROBIN = Person(name="Robin Example", email="robin@example.com")


def opening_of(world: World, every: int = 1, first: date = TUESDAY, **criteria: Any) -> Opening:
    return series(opening=at(world.service, first), times=None, every_n_weeks=every, now=NOW, **criteria).opening


def held(world: World, **criteria: Any) -> Booking:
    return hold(opening=opening_of(world, **criteria).id, by=an_actor(), now=NOW)


def confirmed(world: World, person: Person = ALEX, **criteria: Any) -> Booking:
    booking = held(world, **criteria)
    name_participants(booking_id=booking.pk, people=[person], by=an_actor(), now=NOW)
    return confirm(booking)


def dates(booking: Booking) -> list[date]:
    """The local dates of its planned appointments, rising."""
    planned = Appointment.objects.filter(status="planned", attendances__participant__booking=booking)
    return sorted(one.during.lower.astimezone(CHICAGO).date() for one in planned)
