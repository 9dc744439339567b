"""Sessions end by idle time, by age and by a changed role (F144)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from tests.factories import NOW, a_practice, a_user
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def browser(db):
    a_practice()
    browser = Browser()
    with time_machine.travel(NOW, tick=False):
        sign_in(browser, a_user("desk"))
    return browser


def is_in(browser, at):
    with time_machine.travel(at, tick=False):
        return browser.get("/home/")["Location"] == "/desk/"


def test_fifteen_minutes_without_a_request_end_the_session(browser):
    assert is_in(browser, NOW + 14 * MINUTE)
    assert not is_in(browser, NOW + 29 * MINUTE)


def test_regular_requests_keep_the_session_open_for_twelve_hours_at_most(browser):
    for minutes in range(10, 12 * 60, 10):
        assert is_in(browser, NOW + minutes * MINUTE), minutes
    assert not is_in(browser, NOW + 12 * 60 * MINUTE)


def test_a_changed_role_ends_the_session_at_the_next_request(browser):
    from backend.accounts.models import User

    User.objects.update(role="client")
    assert not is_in(browser, NOW + MINUTE)
    assert "_auth_user_id" not in browser.session


def test_a_disabled_account_ends_the_session_at_the_next_request(browser):
    from backend.accounts.models import User

    User.objects.update(is_active=False)
    assert not is_in(browser, NOW + MINUTE)


def test_an_htmx_request_after_the_end_of_the_session_reloads_the_page(browser):
    with time_machine.travel(NOW + 16 * MINUTE, tick=False):
        response = browser.get("/home/", headers={"HX-Request": "true"})
    assert response["HX-Refresh"] == "true"


def test_personal_pages_are_sent_with_no_store(browser):
    with time_machine.travel(NOW + MINUTE, tick=False):
        assert "no-store" in browser.get("/accounts/2fa/")["Cache-Control"]
