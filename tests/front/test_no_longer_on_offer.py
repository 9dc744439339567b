"""A service taken off the offer while it is held: the hold can be finished, and no page fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from scheduling.models import Booking, Location, Service
from tests.factories import NOW, a_desk_actor
from tests.front.walk import YOU, agree, fill_in, ready
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
OFF: dict[str, Callable[[], object]] = {
    "the service": lambda: Service.objects.update(is_active=False),
    "the office": lambda: Location.objects.update(is_active=False),
    "the way to meet": lambda: Service.objects.update(modes=["online"]),
    "booking it without a call": lambda: Service.objects.update(booking_mode="call_first"),
    "the address of the service": lambda: Service.objects.filter(bookings__isnull=False).update(slug="another-name"),
    "the address of the office": lambda: Location.objects.filter(bookings__isnull=False).update(slug="another-name"),
}


@pytest.fixture(params=OFF)
def held(request, client, office, payments) -> Booking:
    """A visitor's hold of a service that is not on offer any more."""
    booking = ready(client, office.single)
    OFF[request.param]()
    return booking


def test_the_pages_of_a_hold_work_after_its_service_is_taken_off_offer(client, held):
    assert [client.get(f"/book/{page}/").status_code for page in ("you", "contact", "check")] == [200, 200, 200]


def test_a_hold_can_be_booked_after_its_service_is_taken_off_offer(client, held):
    fill_in(client)

    assert agree(client).status_code == 303


def test_an_expired_hold_of_a_service_off_offer_is_gone_in_words(client, held):
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        answers = [client.post("/book/you/", YOU), client.post("/book/more-time/"), agree(client)]

    assert [one.status_code for one in answers] == [409, 409, 409]
    assert all("This has changed" in one.content.decode() for one in answers)


def test_the_desk_can_read_and_finish_a_hold_of_a_service_off_offer_once(client, held):
    desk = sign_in(Browser(), a_desk_actor(held.location).user)
    address, told = f"/desk/bookings/{held.reference}/", {"how": "unpaid", "reason": "By phone", "accept_policy": "on"}
    fill_in(client)
    agree(client)

    assert desk.get(address).status_code == 200
    assert [desk.post(f"{address}commitment/", told).status_code for _ in range(2)] == [302, 302]
    assert Booking.objects.get().status == "confirmed"
