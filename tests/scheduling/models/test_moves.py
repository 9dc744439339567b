"""Every status moves only as the table of moves allows, tested with a plain UPDATE for every pair of statuses."""

from itertools import product
from typing import Any

import pytest
from django.db import models

from scheduling.models import Appointment, Attendance, Booking
from tests.factories import NOW
from tests.rules import WRITERS, broken_rule
from tests.scheduling.models import rows

pytestmark = pytest.mark.django_db

# The allowed moves from each status. Written out here instead of read from the code, as an independent check.
BOOKING = {
    "requested": {"held", "declined", "withdrawn"},
    "held": {"confirmed", "expired", "released"},
    "expired": {"confirmed", "paid_conflict"},
    "confirmed": {"cancelled", "completed"},
    "paid_conflict": {"confirmed", "cancelled"},
    "declined": set(),
    "withdrawn": set(),
    "released": set(),
    "cancelled": set(),
    "completed": set(),
}
APPOINTMENT = {"planned": {"cancelled"}, "cancelled": set()}
ATTENDANCE = {
    "booked": {"arrived", "attended", "no_show", "late_cancelled", "cancelled"},
    "arrived": {"booked", "attended"},
    "attended": {"booked", "arrived"},
    "no_show": {"booked"},
    "late_cancelled": {"booked"},
    "cancelled": set(),
}
TABLES = {Booking: BOOKING, Appointment: APPOINTMENT, Attendance: ATTENDANCE}


def a_booking(born: str) -> Booking:
    return rows.saved(rows.booking(status=born))


def move(row: models.Model, to: str) -> None:
    """Change the status in plain SQL, with the times that each status requires."""
    times: dict[type[models.Model], dict[str, Any]] = {
        Booking: {
            "confirmed_at": NOW,
            "cancelled_at": NOW if to == "cancelled" else None,
            "completed_at": NOW if to == "completed" else None,
        },
        Appointment: {"cancelled_at": NOW if to == "cancelled" else None},
        Attendance: {"arrived_at": NOW},
    }
    WRITERS["sql"].update(row, {"status": to, **times[type(row)]})


def a_row_in(model: type[models.Model], status: str) -> Any:
    """A new row, moved to `status` by allowed moves."""
    births = {
        Booking: lambda: a_booking("requested"),
        Appointment: lambda: rows.saved(rows.appointment()),
        Attendance: lambda: rows.saved(rows.attendance()),
    }
    row = births[model]()
    for step in way_to(TABLES[model], row.status, status):
        move(row, step)
    return row


def way_to(table: dict[str, set[str]], start: str, end: str) -> list[str]:
    ways: dict[str, list[str]] = {start: []}
    for status in (queue := [start]):
        for after in sorted(table[status] - ways.keys()):
            ways[after] = [*ways[status], after]
            queue.append(after)
    return ways[end]


PAIRS = [(model, old, new) for model, table in TABLES.items() for old, new in product(table, table)]


@pytest.mark.parametrize(("model", "old", "new"), PAIRS, ids=lambda value: getattr(value, "__name__", value))
def test_a_status_moves_exactly_as_its_table_allows(model: type[models.Model], old: str, new: str):
    row = a_row_in(model, old)
    stays_or_is_listed = old == new or new in TABLES[model][old]

    assert broken_rule(lambda: move(row, new)) == ("" if stays_or_is_listed else "moves")


@pytest.mark.parametrize("model", TABLES)
def test_the_tables_name_every_status(model: Any):
    assert set(TABLES[model]) == set(model.Status.values)


@pytest.mark.parametrize("status", BOOKING)
def test_a_booking_must_start_as_requested_or_held(status: str):
    times = {"cancelled": {"cancelled_at": NOW}, "completed": {"completed_at": NOW}}.get(status, {})
    row = rows.booking(status=status, confirmed_at=NOW, **times)

    expected = "" if status in {"requested", "held"} else "born_requested_or_held"
    assert broken_rule(lambda: WRITERS["sql"].insert(row)) == expected


@pytest.mark.parametrize("status", ATTENDANCE)
def test_an_attendance_must_start_as_booked(status: str):
    row = rows.attendance(status=status, arrived_at=NOW)

    assert broken_rule(lambda: WRITERS["sql"].insert(row)) == ("" if status == "booked" else "born_booked")


def test_the_code_lists_the_same_moves_as_the_tables():
    from scheduling.models.appointment import ATTENDANCE_MOVES
    from scheduling.models.booking import BOOKING_MOVES

    listed = {(old, new) for table in (BOOKING, ATTENDANCE) for old, after in table.items() for new in after}
    assert set(BOOKING_MOVES) | set(ATTENDANCE_MOVES) == listed
