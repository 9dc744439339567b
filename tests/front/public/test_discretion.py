"""Leaving the site, storing no pages, and GET requests that change nothing."""

import pytest
from django.contrib.sessions.models import Session

from scheduling.models import Booking, Practice
from tests.front.walk import choose, ready

PERSONAL = ["/book/you/", "/book/contact/", "/book/check/", "/book/s/single/when/", "/ended/"]


@pytest.mark.parametrize("address", PERSONAL)
def test_personal_pages_are_never_stored(client, office, address):
    ready(client, office.single)

    assert "no-store" in client.get(address).headers["Cache-Control"]


def test_pages_that_are_the_same_for_everybody_may_be_stored(client, office):
    assert "Cache-Control" not in client.get("/").headers


def test_leaving_ends_the_session_and_goes_to_the_neutral_site(client, office):
    choose(client, office.single)
    key = client.session.session_key

    response = client.get("/exit/")

    assert response.status_code == 303
    assert response.headers["Location"] == Practice.objects.get().exit_url
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(session_key=key).exists()


def test_going_back_after_leaving_shows_no_details(client, office):
    ready(client, office.single)
    client.get("/exit/")

    response = client.get("/book/check/", follow=True)

    assert response.redirect_chain == [("/ended/", 302)]
    assert "Alex" not in response.content.decode()


@pytest.mark.parametrize("address", ["/", "/book/", "/book/s/single/", "/book/s/single/place/", "/book/s/single/when/"])
def test_viewing_pages_creates_no_session_and_no_booking(client, office, address):
    client.get(address)

    assert Session.objects.count() == 0
    assert Booking.objects.count() == 0


def test_viewing_the_last_page_changes_nothing(client, office):
    booking = ready(client, office.single)
    before = Booking.objects.filter(pk=booking.pk).values().get()

    client.get("/book/check/")
    client.head("/book/check/")

    assert Booking.objects.filter(pk=booking.pk).values().get() == before


def test_asking_for_more_time_by_get_is_refused(client, office):
    ready(client, office.single)

    assert client.get("/book/more-time/").status_code == 405


def test_no_address_contains_details_of_the_visitor(client, office):
    choose(client, office.single)

    response = client.post("/book/you/", {"name": "Alex", "email": "alex@example.com"})

    assert response.headers["Location"] == "/book/contact/"
