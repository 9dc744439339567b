"""Openings with the database against the plainest statements that read and answer the same."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg.types.range import Range

from scheduling.availability.timegrid.walltime import day_start
from scheduling.models import Clinician, Location, Reservation, Room, Service, WorkingHours
from scheduling.queries.openings.listing import Openings, openings
from scheduling.queries.openings.search import Search

from .instants import FIRST, NOW, ZONE
from .measuring import alternating, line, peak_megabytes
from .practice import open_practice

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
Q_ALL = (Path(__file__).parent / "q_all.sql").read_text()


def ours(service: Service, days: int, **rules) -> Openings:
    return openings(Search(service=service, first=FIRST, until=FIRST + timedelta(days=days), now=NOW, **rules))


def by_one_statement(days: int) -> list[tuple]:
    # Past Django, prepared and in binary: the quickest that psycopg can.
    with psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(Q_ALL.format(days=days, first=FIRST), prepare=True, binary=True).fetchall()


def by_values_list(service: Service, person: Clinician, days: int) -> None:
    """The rows that an answer for one clinician stands on, read and left as they come."""
    window = Range(day_start(FIRST, ZONE), day_start(FIRST + timedelta(days=days), ZONE))
    list(Location.objects.filter(services=service).values_list())
    rooms = list(Room.objects.filter(location__services=service).values_list())
    list(WorkingHours.objects.filter(clinician=person).values_list())
    list(Clinician.objects.filter(pk=person.pk).values_list())
    resources = [person.pk, *(row[0] for row in rooms)]
    list(Reservation.objects.filter(resource__in=resources, during__overlap=window).values_list())


def number_of_queries(work) -> int:
    with CaptureQueriesContext(connection) as seen:
        work()
    return len(seen)


def compare_all(name: str, service: Service, days: int, goal: float | None = None, same: bool = False, **facts) -> None:
    rows = by_one_statement(days)
    found = ours(service, days).openings
    answer, most = {(one.starts_at, one.location.pk) for one in found}, {(at, place) for _, place, at in rows}
    assert answer == most if same else answer <= most
    mine, floor = alternating(9, partial(ours, service, days), partial(by_one_statement, days))
    queries, peak = number_of_queries(partial(ours, service, days)), peak_megabytes(partial(ours, service, days))
    line(name, mine, floor, goal, f"{len(found):,} openings", queries=queries, megabytes=peak, **facts)
    assert queries <= 6


def test_twenty_clinicians_who_work_from_home_have_the_starts_of_the_one_statement():
    service = open_practice(20, 8, 40_000, travelling=False)
    compare_all("20 clinicians, 8 offices, 30 days, from home", service, 30, 2.5, same=True)


def test_longer_windows():
    service = open_practice(20, 8, 40_000)
    for days in (30, 90, 180):
        goal = 2.5 if days == 30 else None
        compare_all(f"20 clinicians, 8 offices, {days} days", service, days, goal, grows=("days", days))


def test_one_clinician():
    service = open_practice(20, 8, 40_000)
    person = Clinician.objects.order_by("pk")[0]
    for days in (30, 90, 180):
        work = partial(ours, service, days, clinician=person)
        mine, floor = alternating(15, work, partial(by_values_list, service, person, days))
        queries, peak = number_of_queries(work), peak_megabytes(work)
        goal = 3 if days == 30 else None
        line(f"1 of 20 clinicians, {days} days", mine, floor, goal, queries=queries, megabytes=peak)
        assert queries <= 5


@pytest.mark.parametrize("clinicians", [1, 20, 100])
def test_more_clinicians(clinicians):
    name = f"{clinicians} clinicians, 8 offices, 4,000 reservations"
    compare_all(name, open_practice(clinicians, 8, 4_000), 30, grows=("clinicians", clinicians))


@pytest.mark.parametrize("offices", [8, 40])
def test_more_offices(offices):
    name = f"40 clinicians, {offices} offices, 4,000 reservations"
    compare_all(name, open_practice(40, offices, 4_000), 30, grows=("offices", offices))


@pytest.mark.parametrize("reservations", [20_000, 500_000])
def test_more_reservations_outside_the_window(reservations):
    name = f"20 clinicians, 8 offices, {reservations:,} reservations"
    compare_all(name, open_practice(20, 8, reservations), 30, grows=("reservations", reservations))
