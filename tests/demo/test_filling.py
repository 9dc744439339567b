"""The filled demo. It is started once, killed while it is being filled, and started again: so what is true of it here
holds for an interrupted filling too."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from backend.worklist.models import WorkItem
from scheduling.models import Attendance, Booking, InternalEvent
from tests.platform.places import free_port, own_directory
from tests.platform.started import Demo


@dataclass
class Filled:
    """What was seen on the way, and the practice as it is in the end."""

    url: str
    early_page: str = ""
    early_users: list[dict[str, Any]] = field(default_factory=list)
    was_filled: bool = False
    percents: list[int] = field(default_factory=list)
    late_page: str = ""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    def values(self, query: str) -> set[Any]:
        return {row[0] for row in self.rows(query)}


@pytest.fixture(scope="module")
def filled():
    with own_directory() as var:
        found = Filled(f"postgresql:///mooring?host={var}/postgres&user=postgres")
        interrupted = Demo(var, free_port(), DEMO_SHORT="1").wait_until_ready()
        found.early_page, found.early_users = interrupted.page(), interrupted.users()
        found.was_filled = (var / "seeded").exists()
        while (percent := percent_of(interrupted.page())) < 30:
            found.percents.append(percent)
        interrupted.process.kill()
        interrupted.read_to_the_end()
        demo = Demo(var, free_port(), DEMO_SHORT="1").wait_until_filled()
        found.late_page = demo.page()
        yield found
        assert demo.end(signal.SIGINT) == 0


def percent_of(page: str) -> int:
    told = re.search(r"The demo practice is still being filled: (\d+)%", page)
    return int(told[1]) if told else 100


def test_pages_answer_before_the_practice_is_filled_and_say_so(filled):
    assert not filled.was_filled
    assert percent_of(filled.early_page) < 30


def test_everybody_can_sign_in_before_the_practice_is_filled(filled):
    assert [user["role"] for user in filled.early_users] == ["owner", "desk", "desk", "clinician", "client"]


def test_the_line_only_ever_rises(filled):
    assert filled.percents == sorted(filled.percents)


def test_the_line_is_gone_when_the_practice_is_filled(filled):
    assert "being filled" not in filled.late_page


def test_a_booking_of_every_kind_is_there(filled):
    assert filled.values("SELECT kind FROM scheduling_booking") == set(Booking.Kind.values)


@pytest.mark.parametrize("status", Booking.Status.values)
def test_a_booking_of_this_status_is_there(filled, status):
    assert status in filled.values("SELECT status FROM scheduling_booking")


@pytest.mark.parametrize("status", Attendance.Status.values)
def test_an_attendance_of_this_status_is_there(filled, status):
    assert status in filled.values("SELECT status FROM scheduling_attendance")


@pytest.mark.parametrize("kind", WorkItem.Kind.values)
def test_an_open_work_item_of_this_kind_is_there(filled, kind):
    assert kind in filled.values("SELECT kind FROM worklist_workitem WHERE resolved_at IS NULL")


@pytest.mark.parametrize("kind", InternalEvent.Kind.values)
def test_an_internal_event_of_this_kind_takes_time(filled, kind):
    assert kind in filled.values(
        "SELECT e.kind FROM scheduling_internalevent e JOIN scheduling_reservation r ON r.internal_event_id = e.id"
    )


@pytest.mark.parametrize(
    "table",
    [
        "scheduling_timeoff",
        "scheduling_busytime",
        "scheduling_break",
        "scheduling_waitlistentry",
        "scheduling_offer",
        "scheduling_standingskip",
        "billing_package",
        "billing_packagedraw",
    ],
)
def test_there_are_rows_of(filled, table):
    assert filled.rows(f"SELECT 1 FROM {table}")


def test_a_room_an_office_and_the_whole_practice_are_closed_at_times(filled):
    closed = filled.values(
        "SELECT CASE WHEN room_id IS NOT NULL THEN 'room' WHEN location_id IS NOT NULL THEN 'office' ELSE 'all' END"
        " FROM scheduling_closure"
    )
    assert closed == {"room", "office", "all"}


def test_nothing_takes_place_while_the_practice_is_closed(filled):
    assert not filled.rows(
        "SELECT a.id FROM scheduling_appointment a JOIN scheduling_closure c ON c.during && a.during"
        " WHERE c.room_id IS NULL AND c.location_id IS NULL AND a.status = 'planned'"
    )


def test_every_group_meets_as_often_as_planned(filled):
    meetings = filled.rows(
        "SELECT count(*) FROM scheduling_appointment a"
        " JOIN scheduling_appointmentclinician l ON l.appointment_id = a.id"
        " JOIN scheduling_service s ON s.id = a.service_id WHERE s.party = 'group'"
        " GROUP BY s.slug, l.clinician_id ORDER BY 1"
    )
    assert meetings == [(6,), (6,), (8,), (10,)]


def test_the_five_day_intensive_can_be_had_and_is_held(filled):
    assert "held" in filled.values(
        "SELECT b.status FROM scheduling_booking b JOIN scheduling_service s ON s.id = b.service_id"
        " WHERE s.slug = '5-day'"
    )


def test_a_partner_has_not_chosen_how_to_be_reached(filled):
    assert filled.rows(
        "SELECT 1 FROM scheduling_participant p JOIN scheduling_booking b ON b.id = p.booking_id"
        " WHERE p.track = 'B' AND p.client_id IS NOT NULL AND p.chosen_at IS NULL AND b.status = 'confirmed'"
    )


def test_a_deposit_was_paid_on_the_page_of_the_provider(filled):
    assert filled.rows(
        "SELECT 1 FROM billing_ledgerentry l JOIN scheduling_booking b ON b.id = l.booking_id"
        " WHERE l.kind = 'payment' AND b.status = 'confirmed'"
    )


def test_the_client_who_signs_in_has_visits_to_come(filled):
    email = filled.early_users[-1]["email"]
    assert filled.rows(
        "SELECT 1 FROM scheduling_attendance t JOIN scheduling_participant p ON p.id = t.participant_id"
        " JOIN scheduling_client c ON c.resource_id = p.client_id"
        " JOIN scheduling_appointment a ON a.id = t.appointment_id"
        f" WHERE c.email = '{email}' AND lower(a.during) > now() AND t.status = 'booked'"
    )


def test_an_interrupted_filling_books_nobody_twice(filled):
    assert not filled.rows(
        "SELECT c.email FROM scheduling_booking b JOIN scheduling_participant p ON p.booking_id = b.id"
        " JOIN scheduling_client c ON c.resource_id = p.client_id WHERE c.email <> ''"
        " GROUP BY c.email, b.service_id HAVING count(*) > 1"
    )


def test_nobody_became_a_client_twice(filled):
    assert not filled.rows("SELECT email FROM scheduling_client WHERE email <> '' GROUP BY email HAVING count(*) > 1")
