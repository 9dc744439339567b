"""A desk user of Frisco, their browser, and the services they book."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser

from scheduling.models import Booking, Client, Service
from scheduling.operations.bookings.confirm import confirm_step
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.hold import hold_for
from scheduling.operations.clients import Person
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.search import Search
from tests.factories import MONDAY, NOW, a_desk_actor, an_actor, in_days
from tests.signing_in import sign_in

from .tuesdays import alex, criteria  # noqa: F401


@pytest.fixture
def at_desk(office):
    return a_desk_actor(office.location)


@pytest.fixture
def browser(at_desk) -> Browser:
    return sign_in(Browser(), at_desk.user)


def opening_ids(service: Service, **more: Any) -> list[str]:
    """Openings of the week that starts on MONDAY, as the desk sees them."""
    until = MONDAY + in_days(7)
    found = openings(Search(service=service, first=MONDAY, until=until, now=NOW, waive_notice=True, **more))
    return [one.id for one in found.openings]


def booked(opening: str, *clients: Client, confirmed: bool = True) -> Booking:
    """A booking by the owner for known clients."""
    from django.db import transaction

    owner = an_actor("owner")
    booking = hold_for(opening=opening, people=[Person(client_id=one.pk) for one in clients], by=owner, now=NOW)
    if confirmed:
        with transaction.atomic():
            booking = Booking.objects.select_for_update(no_key=True).get(pk=booking.pk)
            confirm_step(draft=BookingDraft.read(booking), by=owner, now=NOW, notify=False)
    return booking
