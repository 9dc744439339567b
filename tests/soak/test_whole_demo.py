"""What `make demo` starts, with all of its weeks: other tests start one week of it."""

import json
from datetime import timedelta
from urllib.request import Request, urlopen

import pytest
from django.utils import timezone

from tests.browser.practice import running_practice

pytestmark = pytest.mark.soak


def test_the_whole_demo_starts_with_weeks_of_appointments_before_and_behind_it():
    with running_practice(whole=True) as practice:
        today = timezone.now().date()
        for first in (today - timedelta(weeks=2), today + timedelta(weeks=2)):
            week = f"from={first}&to={first + timedelta(weeks=1)}"
            token = {"Authorization": f"Token {practice.user('owner')['api_token']}"}
            with urlopen(Request(f"{practice.url}/api/v1/appointments/?{week}", headers=token)) as answer:
                assert json.load(answer)["count"] > 100
        assert [user["role"] for user in practice.users] == ["owner", "desk", "desk", "clinician", "client"]
