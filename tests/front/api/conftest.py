"""A practice for API tests: one office, a single service and a couple's program, with prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from rest_framework.test import APIClient

from backend.accounts.models import ApiToken, User
from billing.models import Policy, Price
from scheduling.models import Location, Service
from tests.billing.conftest import payments  # noqa: F401
from tests.factories import MONDAY, NOW, a_clinician, a_couples_office, a_practice, a_room, a_service, in_days
from tests.replay import replayed

API = "/api/v1/"


@pytest.fixture
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@dataclass
class Office:
    location: Location
    single: Service
    program: Service


@pytest.fixture
def office(db, frozen) -> Office:
    """Frisco: a counseling visit of 50 minutes and the four-day couple's program, ready to be booked."""
    cache.clear()
    return an_office()


@replayed
def an_office() -> Office:
    a_practice()
    location, program = a_couples_office("frisco")
    a_room(location)
    single = a_service("single", locations=[location])
    a_clinician(location, services=[single], slug="robin-vale", name="Robin Vale")
    for service, cents in ((single, 15_000), (program, 480_000)):
        Price.objects.create(service=service, amount_cents=cents, valid_from=NOW.date())
    Policy.objects.create(service=single, valid_from=NOW.date(), due_now="all")
    Policy.objects.create(
        service=program,
        valid_from=NOW.date(),
        due_now="share",
        deposit_share_basis_points=2500,
        balance_days_before=5,
    )
    return Office(location, single, program)


@pytest.fixture
def api() -> APIClient:
    return APIClient()


def staff_client(user: User) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {ApiToken.issue(user)}")
    return client


def week(**more: Any) -> dict[str, Any]:
    return {"from": MONDAY.isoformat(), "to": (MONDAY + in_days(7)).isoformat()} | more


def first_opening(api: APIClient, service: str = "single", **more: Any) -> dict[str, Any]:
    found = api.get(f"{API}services/{service}/openings/", week(**more)).json()
    return found["openings"][0]


def is_problem(response: Any, status: int) -> bool:
    """True for an RFC 9457 answer with this status, a title and a detail."""
    body = response.json()
    return (
        response.status_code == body["status"] == status
        and response.headers["Content-Type"] == "application/problem+json"
        and bool(body["title"] and body["detail"])
    )


PERSON = {"name": "Ann Example", "email": "ann@example.com"}


def booking_input(opening: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Body of a call that books an opening."""
    return {"opening": opening["id"], "client": PERSON, "accept_policy": True} | more


def post_booking(api: APIClient, body: Any, *, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return api.post(f"{API}bookings/", body, format="json", headers=headers)
