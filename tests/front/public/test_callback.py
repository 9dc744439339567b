"""Asking for a call reserves nothing, and the number is used for that call only."""

import pytest

from backend.worklist.models import WorkItem
from scheduling.models import Booking, Reservation

FORM = {"name": "Alex", "phone": "214-555-0123", "safe_times": "after 5 PM", "voicemail": "no", "wish": "January"}


@pytest.fixture
def call_first(office):
    office.single.booking_mode = "call_first"
    office.single.save()
    return office.single


def test_asking_for_a_call_opens_a_work_item_for_the_desk(client, call_first):
    response = client.post("/book/s/single/call/", FORM, follow=True)

    booking = Booking.objects.get()
    assert "We will call you" in response.content.decode()
    assert (booking.status, booking.opening) == ("requested", "January")
    assert WorkItem.objects.filter(kind="request").count() == 1
    assert Reservation.objects.count() == 0


def test_a_visitor_who_asks_for_a_call_has_chosen_only_calls(client, call_first):
    client.post("/book/s/single/call/", FORM)

    person = Booking.objects.get().participants.get().client
    assert (person.may_call, person.may_text, person.may_email, person.voicemail) == (True, False, False, "no")


def test_a_call_first_service_offers_the_call_instead_of_dates(client, call_first):
    assert client.get("/book/s/single/when/").headers["Location"] == "/book/s/single/call/"


@pytest.mark.parametrize("field", ["name", "phone", "safe_times", "voicemail"])
def test_missing_details_for_the_call_are_refused_in_words(client, call_first, field):
    response = client.post("/book/s/single/call/", FORM | {field: ""})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Booking.objects.count() == 0


def test_a_service_booked_directly_has_no_page_to_ask_for_a_call(client, office):
    assert client.get("/book/s/single/call/").status_code == 302


def test_the_link_for_undecided_visitors_leads_to_the_first_call(client, call_first):
    assert client.get("/call/").headers["Location"] == "/book/choose/"
    call_first.kind = "first call"
    call_first.save()

    assert client.get("/call/").headers["Location"] == "/book/s/single/call/"


def test_without_an_active_office_the_page_says_to_call(client, office):
    type(office.single).objects.update(booking_mode="call_first")
    office.single.locations.clear()

    response = client.post("/book/s/single/call/", FORM)

    assert response.status_code == 503
    assert "Call us and we will book with you by phone." in response.content.decode()
