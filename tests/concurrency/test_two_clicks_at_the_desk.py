"""Several clicks of one desk user at the same moment make one hold, and all lead to it (F23)."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from scheduling.models import Booking
from tests.factories import NOW, a_client, a_desk_actor
from tests.front.desk.conftest import opening_ids
from tests.front.desk.tuesdays import ADDRESS, FIRST, at_three
from tests.signing_in import sign_in

from .crowd import a_crowd

pytestmark = pytest.mark.django_db(transaction=True)
CLICKS, ROUNDS = 4, 5


@pytest.fixture
def desk(office):
    return sign_in(Browser(), a_desk_actor(office.location).user)


@pytest.fixture
def alex(office):
    return a_client("Alex Reed", contact_chosen_at=NOW)


def click(desk, address, wish):
    """Post the form in the desk user's session; returns the status and the Location header."""
    browser = Browser()
    browser.cookies = desk.cookies
    answer = browser.post(address, wish)
    return answer.status_code, answer.headers.get("Location")


def all_at_once(desk, address, wish):
    with a_crowd(CLICKS) as crowd:
        return crowd.at_once(lambda: click(desk, address, wish))


def test_clicks_at_once_on_one_time_lead_to_one_hold(office, desk, alex):
    for opening in opening_ids(office.single)[: ROUNDS * 4 : 4]:
        answers = all_at_once(desk, "/desk/book/hold/", {"client": alex.pk, "opening": opening})

        held = Booking.objects.get(opening=opening)
        assert set(answers) == {(302, f"/desk/bookings/{held.reference}/")}


def test_clicks_at_once_on_a_series_lead_to_one_hold(office, desk, alex):
    every_tuesday = {"repeat": "times", "every": "1", "times": "8", "go": "hold"}
    wish = {"client": alex.pk, "opening": at_three(office.single, FIRST), **every_tuesday}

    answers = all_at_once(desk, ADDRESS, wish)

    assert set(answers) == {(302, f"/desk/bookings/{Booking.objects.get().reference}/")}
