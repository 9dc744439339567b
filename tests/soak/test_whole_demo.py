"""The demo with all of its weeks (other tests start one week), and that one week on any day."""

import json
from datetime import UTC, datetime, timedelta
from urllib.request import Request, urlopen

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from backend.worklist.models import WorkItem
from demo.filling import progress
from demo.management.commands import seed_demo
from scheduling.models import Attendance, Booking
from tests.browser.practice import running_practice
from tests.platform.places import free_port

pytestmark = pytest.mark.soak


def test_the_whole_demo_starts_with_weeks_of_past_and_future_appointments():
    with running_practice(whole=True) as practice:
        today = timezone.now().date()
        for first in (today - timedelta(weeks=2), today + timedelta(weeks=2)):
            week = f"from={first}&to={first + timedelta(weeks=1)}"
            token = {"Authorization": f"Token {practice.user('owner')['api_token']}"}
            with urlopen(Request(f"{practice.url}/api/v1/appointments/?{week}", headers=token)) as answer:
                assert json.load(answer)["count"] > 100
        assert [user["role"] for user in practice.users] == ["owner", "desk", "desk", "clinician", "client"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "today",
    [
        datetime(2026, 12, 25, 18, tzinfo=UTC),  # Christmas, a Friday
        datetime(2027, 1, 2, 18, tzinfo=UTC),  # a Saturday between holidays
        datetime(2027, 3, 14, 8, 30, tzinfo=UTC),  # half an hour after clocks went forward
        datetime(2027, 7, 5, 3, tzinfo=UTC),  # still the 4th of July in Dallas
        datetime(2027, 11, 7, 6, 30, tzinfo=UTC),  # the hour that comes twice
        datetime(2028, 2, 29, 18, tzinfo=UTC),
    ],
    ids=lambda today: f"{today:%a %b %d}",
)
def test_the_demo_can_be_filled_on_any_day_and_shows_every_status(today, settings, tmp_path):
    settings.VAR_DIR, settings.STRIPE_API_BASE = tmp_path, f"http://127.0.0.1:{free_port()}"
    with time_machine.travel(today, tick=False):
        call_command(seed_demo.Command(), short=True, alone=True)
    assert progress.is_filled()
    assert {*Booking.objects.values_list("status", flat=True)} == set(Booking.Status.values)
    assert {*Attendance.objects.values_list("status", flat=True)} == set(Attendance.Status.values)
    assert {*WorkItem.objects.filter(resolved_at=None).values_list("kind", flat=True)} == set(WorkItem.Kind.values)
