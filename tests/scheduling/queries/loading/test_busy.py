"""The snapshot is read in a fixed number of statements, and by the index that guards against double booking."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.availability.timegrid.grid import Span, Window
from scheduling.models import Room, Service
from scheduling.queries.loading import busy as spans
from scheduling.queries.loading.snapshot import Scope, load
from tests.factories import (
    MONDAY,
    NOW,
    a_clinician,
    a_couples_office,
    a_location,
    a_role,
    a_room,
    in_days,
    travel,
    working_hours,
)
from tests.scheduling.models import rows
from tests.scheduling.queries.world import a_visit, a_world, between, found

pytestmark = pytest.mark.django_db
AT_MOST = 6


def statements(service: Service) -> int:
    with CaptureQueriesContext(connection) as captured:
        load(Scope(service=service, first=MONDAY, until=MONDAY + in_days(28)), now=NOW)
    return len(captured)


def grow(service: Service, people: int) -> None:
    """Add four offices with rooms and travel times, and `people` who work there and have visits."""
    offices = [a_location() for _ in range(4)]
    service.locations.add(*offices)
    for number, office in enumerate(offices):
        a_room(office)
        travel(office, offices[number - 1], 20)
    for number in range(people):
        person = a_clinician(offices[number % 4], services=[service], roles=[a_role("lead"), a_role("support-a")])
        working_hours(person, offices[number % 3], 1080, 1200)
        a_visit(person, service, offices[0], between(18, 19))


def test_a_snapshot_of_twenty_people_takes_as_many_statements_as_one_of_one_person():
    service = a_world().service
    before = statements(service)
    grow(service, 20)

    assert statements(service) == before <= AT_MOST


def test_a_programs_snapshot_takes_the_same_number_of_statements_for_any_number_of_people():
    _, service = a_couples_office()
    before = statements(service)
    grow(service, 20)

    assert statements(service) == before <= AT_MOST


def test_a_longer_window_takes_no_more_statements():
    service = a_world().service
    with CaptureQueriesContext(connection) as short:
        found(service)
    with CaptureQueriesContext(connection) as long:
        found(service, days=180)

    assert len(long) == len(short)


@pytest.fixture
def full_rooms() -> list[Room]:
    """A hundred rooms with sixty reservations each, so that the query plan is realistic."""
    office, visit = a_location(), rows.saved(rows.appointment())
    rooms = [a_room(office) for _ in range(100)]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO scheduling_reservation (resource_id, appointment_id, during)
               SELECT room, %s, tstzrange(%s + n * interval '3 hours', %s + n * interval '3 hours' + interval '1 hour')
                 FROM unnest(%s::bigint[]) AS room, generate_series(1, 60) AS n""",
            [visit.pk, NOW, NOW, [room.pk for room in rooms]],
        )
        cursor.execute("ANALYZE scheduling_reservation")
    return rooms


def plan_nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from plan_nodes(below)


def plan_of(sql: str, arguments: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", arguments)
        told = cursor.fetchone()[0]
    plans = json.loads(told) if isinstance(told, str) else told
    return list(plan_nodes(plans[0]["Plan"]))


def reading(rooms: list[Room]) -> list[dict[str, Any]]:
    """Nodes of the query plan that read reservations, for one day and these rooms."""
    window = Window.covering(Span(NOW + in_days(2), NOW + in_days(3)))
    wanted = [room.pk for room in rooms]
    plan = plan_of(spans._SQL, {"start": window.start, "end": window.end, "now": NOW, "resources": wanted})
    return [one for one in plan if "reservation" in one.get("Index Name", one.get("Relation Name", ""))]


@pytest.mark.parametrize("count", [1, 3])
def test_a_few_rooms_reservations_are_found_by_both_columns_of_the_exclusion_index(full_rooms: list[Room], count: int):
    scan = next(one for one in reading(full_rooms[:count]) if "Index Cond" in one)

    assert scan["Index Name"] == "reservation_never_overlaps"
    assert "resource_id = ANY" in scan["Index Cond"]
    assert "during &&" in scan["Index Cond"]
    assert scan["Actual Rows"] <= 9 * count


def test_many_rooms_reservations_are_found_without_reading_outside_the_window(full_rooms: list[Room]):
    nodes = reading(full_rooms[:20])

    assert {one["Index Name"] for one in nodes if "Index Cond" in one} == {"reservation_never_overlaps"}
    assert sum(one["Actual Rows"] + one.get("Rows Removed by Filter", 0) for one in nodes if "Filter" in one) <= 900


def test_busy_spans_outside_the_window_or_of_other_resources_are_not_read(full_rooms: list[Room]):
    window = Window.covering(Span(NOW + in_days(2), NOW + in_days(3)))

    found_spans = spans.busy_spans(window, [full_rooms[0].pk], [], now=NOW)

    assert set(found_spans) == {full_rooms[0].pk}
    assert len(found_spans[full_rooms[0].pk]) == 8
