"""Holds committed at the desk: each partner still chooses their own channels, and two clicks commit once."""

import pytest
from rest_framework.test import APIClient

from backend.outbox.models import Delivery
from billing.operations.booking import book_held
from scheduling.models import Booking
from tests.factories import a_client
from tests.front.api.conftest import API, PERSON, booking_input, first_opening, post_booking

from .test_booking import a_hold, commit

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(office, payments) -> dict:
    api = APIClient()
    criteria = booking_input(
        first_opening(api, "4-day-couple"),
        client=PERSON | {"calendar_invite": True},
        partner={"name": "Ben Example", "email": "ben@example.com"},
    )
    return post_booking(api, criteria).json()


def participant(track: str):
    return Booking.objects.get().participants.get(track=track)


@pytest.fixture(params=[{"how": "unpaid", "reason": "Pays at the visit"}, {"how": "pay"}], ids=["unpaid", "page"])
def finished(request, held, browser) -> dict:
    answer = commit(browser, Booking.objects.get(), **request.param)
    assert answer.status_code == 302
    return held


def test_the_second_person_still_gets_the_introduction_first(finished):
    confirmed = Booking.objects.get().status == "confirmed"

    assert participant("B").chosen_at is None
    assert Delivery.objects.filter(purpose="partner_introduction").exists() == confirmed


def test_the_first_persons_choices_stay(finished):
    assert participant("A").calendar_invites


def test_the_first_persons_link_still_works(finished):
    bearer = {"Authorization": f"Bearer {finished['manage_token']}"}

    assert APIClient().get(f"{API}bookings/{finished['reference']}/", headers=bearer).status_code == 200


def test_two_clicks_at_once_both_lead_to_the_confirmed_booking_F23(office, browser, monkeypatch):
    booking = a_hold(browser, office, a_client("Alex Reed"))

    def second_of_two(**asked):
        book_held(**asked)  # the first click commits after the second has read the hold
        return book_held(**asked)

    monkeypatch.setattr("front.desk.booking.book_held", second_of_two)
    answer = commit(browser, booking, how="unpaid", reason="Pays in cash")

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/bookings/{booking.reference}/")
    booking.refresh_from_db()
    assert booking.status == "confirmed"
