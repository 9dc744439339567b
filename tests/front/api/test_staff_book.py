"""Staff who book by API: the office's desk books for others, all others book as strangers do (F124, F146)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from scheduling.models import Booking, DeskPost, Service
from scheduling.opening_id import OpeningId
from tests.factories import MONDAY, a_location, a_user
from tests.scheduling.queries.world import clock

from .conftest import booking_input, first_opening, post_booking, staff_client

pytestmark = pytest.mark.django_db


def answer_to(role: str, opening: dict, *, at: str = "") -> int:
    """Status of the answer to a user of this role. `at`: a desk user's office."""
    user = a_user(role)
    if at:
        DeskPost.objects.create(user=user, location=a_location(at) if at != "frisco" else frisco())
    return post_booking(staff_client(user), booking_input(opening)).status_code


def frisco():
    return Service.objects.get(slug="single").locations.get(slug="frisco")


WHO = [("owner", "", 201), ("desk", "frisco", 201), ("desk", "plano", 409), ("desk", "", 409), ("clinician", "", 409)]


@pytest.mark.parametrize(("role", "at", "status"), WHO)
def test_a_service_booked_after_a_call_can_be_booked_only_by_the_offices_desk(office, payments, role, at, status):
    opening = first_opening(staff_client(a_user("owner")))
    Service.objects.update(booking_mode="call_first")

    assert answer_to(role, opening, at=at) == status
    assert Booking.objects.count() == (status == 201)


@pytest.mark.parametrize(("role", "at", "status"), WHO)
def test_inside_the_notice_only_the_offices_desk_can_book(office, payments, role, at, status):
    opening = first_opening(staff_client(a_user("owner")))
    Service.objects.update(notice_minutes=30 * 24 * 60)

    assert answer_to(role, opening, at=at) == status


def with_starts(opening: dict, *starts: datetime) -> dict:
    pin = replace(OpeningId.decode(opening["id"]), starts_at=starts[0], further=starts[1:])
    return {"id": pin.encode()}


@pytest.mark.parametrize(("role", "status"), [("client", 409), ("owner", 201)])
def test_only_the_desk_can_hold_a_whole_day_at_once_F19(office, payments, role, status):
    opening = first_opening(staff_client(a_user("owner")))

    assert answer_to(role, with_starts(opening, clock(MONDAY, 9), clock(MONDAY, 11))) == status


def test_a_program_can_be_held_only_in_an_office(office, payments):
    api = staff_client(a_user("owner"))
    opening = first_opening(api, "4-day-couple")
    Service.objects.filter(slug="4-day-couple").update(modes=["office", "online"])

    online = {"id": replace(OpeningId.decode(opening["id"]), mode="online").encode()}

    assert post_booking(api, booking_input(online, partner={"name": "Ben Example"})).status_code == 400
    assert not Booking.objects.exists()
