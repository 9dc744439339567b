"""Without the system's time zone data, Python's tzdata is used; without either, nothing starts (F44)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.platform.places import ROOT

# The second Sunday of March and the first of November.
SUMMERS = {
    2027: (date(2027, 3, 14), date(2027, 11, 7)),
    2028: (date(2028, 3, 12), date(2028, 11, 5)),
    2029: (date(2029, 3, 11), date(2029, 11, 4)),
}
OFFSETS = """
import json, sys
from datetime import datetime
from zoneinfo import ZoneInfo
chicago = ZoneInfo("America/Chicago")
instants = json.load(sys.stdin)
print(json.dumps([datetime.fromisoformat(at).astimezone(chicago).strftime("%z %Z") for at in instants]))
"""
# With None in sys.modules, Python cannot import the package.
HIDDEN = "import sys; sys.modules['tzdata'] = None\n"


def run(program: str, *, given: str = "", check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run `program` in a Python without the system's time zone data."""
    env = os.environ | {
        "PYTHONTZPATH": "",
        "DJANGO_SETTINGS_MODULE": "backend.settings",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=env, input=given, capture_output=True, text=True, check=check
    )


def offsets(instants: list[datetime]) -> list[str]:
    return json.loads(run(OFFSETS, given=json.dumps([at.isoformat() for at in instants])).stdout)


def midday(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)


def test_tzdata_has_the_offsets_of_chicago_for_every_day_of_three_years_F44():
    days = [date(2027, 1, 1) + timedelta(days=number) for number in range(365 + 366 + 365)]

    expected = ["-0500 CDT" if SUMMERS[day.year][0] <= day < SUMMERS[day.year][1] else "-0600 CST" for day in days]

    assert offsets([midday(day) for day in days]) == expected


@pytest.mark.parametrize("year", SUMMERS)
def test_the_clocks_change_at_two_in_the_morning_to_the_second_F44(year):
    spring, fall = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in SUMMERS[year])
    second = timedelta(seconds=1)
    jump, back = spring + timedelta(hours=8), fall + timedelta(hours=7)

    assert offsets([jump - second, jump, back - second, back]) == ["-0600 CST", "-0500 CDT", "-0500 CDT", "-0600 CST"]


@pytest.mark.parametrize(
    "start",
    [
        "import django; django.setup()",
        "import backend.wsgi",
        "import backend.celery; backend.celery.app.finalize(); import django; django.setup()",
        "import sys, runpy; sys.argv = ['manage.py', 'check']; runpy.run_path('manage.py', run_name='__main__')",
    ],
    ids=["django", "pages", "worker", "manage"],
)
def test_without_time_zone_data_nothing_starts_and_the_error_says_what_to_do_F44(start):
    tried = run(HIDDEN + start, check=False)

    assert tried.returncode != 0
    assert "No time zone data: install Python's tzdata" in tried.stderr


def test_with_tzdata_alone_the_settings_load_F44():
    assert run("import django; django.setup(); print('ready')").stdout.strip() == "ready"
