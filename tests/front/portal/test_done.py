"""The page after the payment page."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from billing.models import LedgerEntry, Policy
from scheduling.models import Booking, ManageToken
from tests.factories import NOW
from tests.front.walk import agree, booked, ready


@pytest.fixture
def waiting(client, office, payments):
    """A browser that was sent to pay, with its booking and the address of the payment page."""
    booking = ready(client, office.single)
    return booking, agree(client).headers["Location"]


def test_the_button_leads_to_the_providers_page_without_naming_anybody(client, office, payments):
    ready(client, office.single)

    response = agree(client)

    assert response.status_code == 303
    assert response.headers["Location"].startswith(payments.url)


def test_the_policy_of_the_page_allows_the_redirect_to_the_provider(client, office):
    ready(client, office.single)

    policy = client.get("/book/check/").headers["Content-Security-Policy"]

    assert "form-action 'self' https://checkout.stripe.com" in policy


def test_a_paid_booking_is_confirmed_before_any_webhook(client, waiting, payments):
    booking, page = waiting
    payments.pay(page)

    response = client.get(f"/booking/{booking.reference}/done/")

    assert "You are booked" in response.content.decode()
    assert Booking.objects.get(pk=booking.pk).status == "confirmed"


def test_reloading_the_last_page_charges_nothing_again(client, waiting, payments):
    booking, page = waiting
    payments.pay(page)

    for _ in range(3):
        client.get(f"/booking/{booking.reference}/done/")

    assert LedgerEntry.objects.filter(booking=booking, kind="payment").count() == 1


def test_the_session_forgets_the_details_once_booked(client, waiting, payments):
    booking, page = waiting
    payments.pay(page)
    client.get(f"/booking/{booking.reference}/done/")

    assert "journey" not in client.session
    assert client.get("/book/check/").headers["Location"] == "/ended/"


def test_a_visitor_who_returns_without_paying_loses_nothing(client, waiting):
    booking, _page = waiting

    response = client.get(f"/booking/{booking.reference}/done/", follow=True)

    words = response.content.decode()
    assert response.redirect_chain == [("/book/check/?payment=open", 302)]
    assert "The payment was not finished, and you have not been charged." in words
    assert "Alex Example" in words


def test_a_second_card_after_a_declined_one_books_on_the_same_page(client, waiting, payments):
    booking, page = waiting
    assert payments.pay(page, number="4000000000000002") == 402

    again = agree(client).headers["Location"]
    payments.pay(again)
    client.get(f"/booking/{booking.reference}/done/")

    assert again == page
    assert Booking.objects.get(pk=booking.pk).status == "confirmed"


def test_without_an_answer_of_the_provider_nobody_is_asked_to_pay_again(client, waiting, settings):
    booking, _page = waiting
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        words = client.get(f"/booking/{booking.reference}/done/").content.decode()

    assert "Do not pay again." in words
    assert '<meta http-equiv="refresh" content="3">' in words


def test_details_changed_after_the_payment_page_opened_are_booked(client, waiting, payments):
    booking, _page = waiting
    client.post("/book/you/", {"name": "Alexandra", "email": "new@example.com", "phone": "", "comfort_note": ""})

    payments.pay(agree(client).headers["Location"])
    client.get(f"/booking/{booking.reference}/done/")

    person = booking.participants.get().client
    assert (person.name_to_use, person.email) == ("Alexandra", "new@example.com")


def test_a_booking_with_nothing_due_takes_one_button(client, office):
    Policy.objects.create(service=office.single, version=2, valid_from=NOW.date(), due_now="nothing")
    booking = ready(client, office.single)

    response = agree(client)

    assert response.headers["Location"] == f"/booking/{booking.reference}/done/"
    assert Booking.objects.get(pk=booking.pk).status == "confirmed"


def test_the_link_to_pass_on_is_issued_by_post_and_is_an_introduction(client, office, payments):
    booking = booked(client, payments, office.program, partner={"name": "Sam", "email": ""})

    page = client.post(f"/booking/{booking.reference}/pass-on/")

    assert ManageToken.objects.filter(purpose="introduction", participant__track="B").exists()
    assert "A time is set aside for you" in Client().get(page.context["link"], follow=True).content.decode()


def test_only_the_first_partner_gets_a_link_to_pass_on(client, office, payments):
    booking = booked(client, payments, office.program, partner={"name": "Sam", "email": ""})

    assert client.get(f"/booking/{booking.reference}/pass-on/").status_code == 405
    assert Client().post(f"/booking/{booking.reference}/pass-on/").status_code == 404


def test_a_booking_for_one_person_has_no_link_to_pass_on(client, office, payments):
    booking = booked(client, payments, office.single)

    assert client.post(f"/booking/{booking.reference}/pass-on/").status_code == 409


def test_another_browser_gets_the_same_words_for_any_reference(client, waiting):
    booking, _ = waiting
    stranger = Client()

    known = stranger.get(f"/booking/{booking.reference}/done/").content
    unknown = stranger.get("/booking/ZZZZZZZZ/done/").content

    assert b"You can close this page" in known
    assert known == unknown
