"""A couple's program over half a year by HTTP, against the bare SELECT of the same reservations by the same server."""

import json
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scheduling.availability.timegrid.walltime import day_start
from scheduling.models import Service

from .instants import FIRST, NOW, ZONE
from .measuring import alternating, line
from .practice import open_practice, open_program
from .serving import serving

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
DAYS, MOST_MEGABYTES = 180, 64


def asked(service: Service, days: int) -> str:
    window = {"from": FIRST, "to": FIRST + timedelta(days=days)}
    return f"/api/v1/services/{service.slug}/openings/?{urlencode(window)}"


def bare(days: int) -> str:
    window = {"from": day_start(FIRST, ZONE), "to": day_start(FIRST + timedelta(days=days), ZONE)}
    return f"/bare/reservations/?{urlencode(window)}"


def number_of_queries(path: str) -> int:
    with time_machine.travel(NOW), CaptureQueriesContext(connection) as seen:
        assert Client().get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize(
    ("filled", "reservations"), [(0.6, 40_000), (0.1, 6_000)], ids=["most hours are taken", "most hours are free"]
)
def test_a_couples_five_days_over_half_a_year(filled, reservations):
    with transaction.atomic():
        open_practice(20, 8, reservations, filled=filled)
        service = open_program()
    path, floor_path = asked(service, DAYS), bare(DAYS)
    with serving() as server:
        server.get(floor_path)
        server.get(asked(service, 7))
        before = server.peak_megabytes()
        found = json.loads(server.get(path))["openings"]
        ours, floor = alternating(9, partial(server.get, path), partial(server.get, floor_path))
        more = server.peak_megabytes() - before
    name = f"a couple's 5 days, 20 clinicians, 8 offices, {DAYS} days, {reservations:,} reservations"
    told = f"{len(found)} openings, at most {MOST_MEGABYTES} MB more"
    line(name, ours, floor, 25, told, queries=number_of_queries(path), megabytes=more)
    assert found
    assert more <= MOST_MEGABYTES
