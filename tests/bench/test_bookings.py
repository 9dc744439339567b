"""Visits held and booked by HTTP over eight connections, against a bare view that writes four rows.

Every request takes another opening, so that none is refused, and all come from new visitors.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.models import Policy, Price
from scheduling.models import Booking, Service
from tests import factories as make

from .instants import FIRST, NOW
from .load import Burst, Post, burst
from .practice import open_practice
from .rates import RateRow, note
from .serving import Server, serving, serving_the_floor

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
FLOOR = Path(__file__).with_name("booking_floor.sql")
ROUNDS, OURS, FLOORS, WARM = 5, 80, 1_200, 40
# Our rate over the floor's at commit c24b7b5 (29 November 2026), by this bench alone on two cores: medians of three
# runs (0.0190, 0.0212, 0.0225 and 0.00941, 0.00955, 0.00989).
HELD_BEFORE, BOOKED_BEFORE = 0.0212, 0.00955
CSRF = "c" * 32
numbers = count(1)


@pytest.fixture
def service(transactional_db, settings) -> Service:
    """An hour's visit in eight offices, paid after the visit; one network address may book it often."""
    settings.LIMITS = dict.fromkeys(settings.LIMITS, 1_000_000)
    with transaction.atomic():
        make.a_practice()
        service = open_practice(20, 8, 40_000)
        Price.objects.create(service=service, amount_cents=18_000, valid_from=date(2030, 1, 1))
        Policy.objects.create(service=service, due_now=Policy.DueNow.NOTHING, valid_from=date(2030, 1, 1))
    return service


def test_visits_held(service):
    with both_serving() as (server, floor):
        posts = (holding(server, service, *one) for one in openings_apart(server, service))
        ours, bare = in_turn(server, posts, floor)
        last = next(posts)
    assert Booking.objects.filter(status="held").count() == ROUNDS * OURS + WARM
    queries = number_of_queries(last)
    note(RateRow(name="a visit is held", ours=ours, floor=bare, before=HELD_BEFORE, queries=queries))


def test_visits_booked_and_confirmed(service):
    with both_serving() as (server, floor):
        posts = (booking(opening) for opening, _office in openings_apart(server, service))
        ours, bare = in_turn(server, posts, floor)
        last = next(posts)
    assert Booking.objects.filter(status="confirmed").count() == ROUNDS * OURS + WARM
    queries = number_of_queries(last)
    note(RateRow(name="a visit is booked and confirmed", ours=ours, floor=bare, before=BOOKED_BEFORE, queries=queries))


@contextmanager
def both_serving() -> Iterator[tuple[Server, Server]]:
    """Ours and the floor, each in one process; only one is asked at a time."""
    with connection.cursor() as cursor:
        cursor.execute(FLOOR.read_text())
    try:
        with serving() as server, serving_the_floor() as floor:
            yield server, floor
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA floor CASCADE")


def in_turn(server: Server, posts: Iterator[Post], floor: Server) -> tuple[list[Burst], list[Burst]]:
    """Bursts of ours and of the floor, so that whatever else runs slows both alike; the first ones do not count."""
    bare = Post(path="/book/", wanted=201)
    burst(server.port, islice(posts, WARM))
    burst(floor.port, [bare] * WARM)
    found = [(burst(server.port, islice(posts, OURS)), burst(floor.port, [bare] * FLOORS)) for _ in range(ROUNDS)]
    return [one for one, _ in found], [one for _, one in found]


def openings_apart(server: Server, service: Service) -> Iterator[tuple[str, str]]:
    """The ids of openings and their offices, in any order: on each day one of each clinician at most, and no two in
    one office at once, so that all of them can be taken."""
    found: list[tuple[str, str]] = []
    for month in range(6):
        window = {"from": FIRST + timedelta(days=30 * month), "to": FIRST + timedelta(days=30 * month + 30)}
        listed = json.loads(server.get(f"/api/v1/services/{service.slug}/openings/?{urlencode(window)}"))["openings"]
        random.Random(month).shuffle(listed)
        found += _apart(listed)
    assert len(found) > ROUNDS * OURS + WARM
    random.Random(0).shuffle(found)
    return iter(found)


def _apart(listed: list[dict]) -> Iterator[tuple[str, str]]:
    taken = set()
    for one in listed:
        day, office, clinician = one["starts_at"][:10], one["location"]["slug"], one["clinicians"][0]["slug"]
        hour = int(one["starts_at"][11:13])
        wanted = {(day, clinician), (day, office, hour), (day, office, hour + 1)}
        if not wanted & taken:
            taken |= wanted
            yield one["id"], office


def holding(server: Server, service: Service, opening: str, office: str) -> Post:
    """What a visitor's browser sends who has said where, and that anybody will do: on the page of times, a time."""
    page = f"/book/s/{service.slug}"
    session = server.post(f"{page}/place/", _form(choice=f"office:{office}"), _browser())["sessionid"].value
    server.post(f"{page}/who/", _form(choice="any"), _browser(session))
    return Post(
        path=f"{page}/when/", wanted=302, to="/book/you/", body=_form(opening=opening), headers=_browser(session)
    )


def _form(**fields: str) -> str:
    return urlencode(fields | {"csrfmiddlewaretoken": CSRF})


def _browser(session: str = "") -> dict[str, str]:
    cookies = f"csrftoken={CSRF}" + (f"; sessionid={session}" if session else "")
    return {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}


def booking(opening: str) -> Post:
    """Somebody new, told by email, who wants no calendar entries."""
    number = next(numbers)
    body = {
        "opening": opening,
        "client": {"name": f"Visitor {number}", "email": f"visitor{number}@mail.example"},
        "accept_policy": True,
    }
    headers = {"Content-Type": "application/json", "Idempotency-Key": f"bench-{number}"}
    return Post(path="/api/v1/bookings/", wanted=201, body=json.dumps(body), headers=headers)


def number_of_queries(post: Post) -> int:
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in post.headers.items()}
    with time_machine.travel(NOW), CaptureQueriesContext(connection) as seen:
        answer = Client().generic("POST", post.path, post.body, post.headers["Content-Type"], **headers)
    assert answer.status_code == post.wanted
    assert post.to in ("", answer.get("Location"))
    return len(seen)
