"""Booking and paying, over real HTTP to the sandbox."""

import json
from datetime import timedelta

import pytest

from billing.models import BookingTerms, PaymentAttempt, StripeCustomer
from billing.money import Money
from billing.operations.booking import book_held
from billing.operations.errors import PolicyNotAccepted
from billing.operations.returning import settle
from billing.queries.ledger import balance
from billing.queries.payments import payment_of
from billing.queries.quotes import NotPriced
from scheduling.models import Booking, Client, ManageToken, Reservation
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.refused import Taken
from tests.factories import NOW, a_couples_office, a_practice, a_stranger, an_actor

from .factories import CHARGED_AND_PAID, a_person, a_policy, a_price, an_office, book_one, lines, opening_ids

pytestmark = pytest.mark.django_db
REFUSED = "4000000000000002"


def test_a_paid_deposit_confirms_the_booking(payments):
    _, service = an_office()
    booked = book_one(service)
    assert payments.pay(booked.checkout_url) == 303

    payments.deliver()

    assert Booking.objects.get().status == "confirmed"
    assert lines() == CHARGED_AND_PAID
    assert balance(booked.booking).due == Money(72_000)
    assert BookingTerms.objects.get().later_cents == 72_000


def test_the_return_page_asks_the_provider_when_no_webhook_came(payments):
    _, service = an_office()
    booked = book_one(service)
    payments.pay(booked.checkout_url)
    assert settle(booking_id=booked.booking.pk, now=NOW).status == "confirmed"
    assert lines() == CHARGED_AND_PAID


def test_the_return_page_of_an_unpaid_booking_changes_nothing(payments):
    _, service = an_office()
    booked = book_one(service)
    assert settle(booking_id=booked.booking.pk, now=NOW).status == "held"
    assert payment_of(booked.booking, now=NOW).checkout_url == booked.checkout_url


def test_the_hold_outlives_the_page_by_fifteen_minutes(payments):
    _, service = an_office()
    booked = book_one(service)
    page = payments.api("GET", f"/v1/checkout/sessions/{PaymentAttempt.objects.get().stripe_session_id}")
    assert page["expires_at"] == int((NOW + timedelta(minutes=31)).timestamp())
    booked.booking.refresh_from_db()
    assert booked.booking.hold_expires_at == NOW + timedelta(minutes=46)
    held = set(Reservation.objects.values_list("held_until", flat=True))
    assert held == {NOW + timedelta(minutes=46)}


def test_the_parameters_sent_to_the_provider_name_no_person_and_no_service(payments):
    _, service = an_office()
    booked = book_one(service, people=[a_person("Wilhelmina Canary")])
    payments.pay(booked.checkout_url)
    attempt = PaymentAttempt.objects.get()
    session = payments.api("GET", f"/v1/checkout/sessions/{attempt.stripe_session_id}?expand[]=payment_intent")
    intent = session["payment_intent"]
    assert session["metadata"] == intent["metadata"] == {"attempt": str(attempt.token)}
    assert intent["statement_descriptor_suffix"] == "HEP"
    assert (intent["description"], intent["receipt_email"]) == (None, None)
    sent = json.dumps(attempt.parameters)
    for word in ("Canary", "guest", service.slug, service.name, "Harbor"):
        assert word not in sent
    assert [item["price_data"]["product_data"]["name"] for item in attempt.parameters["line_items"]] == ["Appointment"]


def test_the_return_url_holds_no_secret(payments):
    _, service = an_office()
    booked = book_one(service)
    returned = PaymentAttempt.objects.get().parameters["success_url"]
    assert returned == f"http://localhost:8000/booking/{booked.booking.reference}/done/"
    assert booked.tokens["A"] not in json.dumps(PaymentAttempt.objects.get().parameters)


def test_the_card_is_saved_for_the_balance(payments):
    _, service = an_office()
    booked = book_one(service)
    payments.pay(booked.checkout_url)
    settle(booking_id=booked.booking.pk, now=NOW)
    customer = StripeCustomer.objects.get()
    assert customer.client == Client.objects.get()
    assert customer.payment_method_id.startswith("pm_")


def test_a_known_client_pays_as_the_same_customer(payments):
    _, service = an_office()
    first = book_one(service)
    payments.pay(first.checkout_url)
    settle(booking_id=first.booking.pk, now=NOW)
    people = [a_person(client_id=Client.objects.get().pk)]
    again = book_one(service, opening=opening_ids(service)[0], people=people, by=an_actor("desk"))
    customer = StripeCustomer.objects.get().customer_id
    assert again.booking.payment_attempts.get().parameters["customer"] == customer
    payments.pay(again.checkout_url)
    assert settle(booking_id=again.booking.pk, now=NOW).status == "confirmed"


def test_a_booking_with_nothing_due_now_is_confirmed_without_the_provider(payments):
    _, service = an_office(due_now="nothing", deposit_share_basis_points=None, balance_days_before=None)
    booked = book_one(service)
    assert (booked.booking.status, booked.checkout_url, booked.due_now) == ("confirmed", None, Money(0))
    assert lines() == [("charge", -90_000)]
    assert payments.calls() == {}


def test_booking_without_accepting_the_policy_is_refused(payments):
    _, service = an_office()
    with pytest.raises(PolicyNotAccepted):
        book_one(service, accept_policy=False)
    assert not Booking.objects.exists()


def test_the_booker_accepts_the_policy_version_in_the_frozen_terms(payments):
    _, service = an_office()
    booked = book_one(service)
    person = booked.booking.participants.get()
    assert (person.policy_accepted_at, person.policy_version) == (NOW, BookingTerms.objects.get().policy_version)


def test_a_service_without_a_price_is_not_held(payments):
    _, service = an_office(cents=None)
    with pytest.raises(NotPriced):
        book_one(service)
    assert not Booking.objects.exists()


def test_a_taken_opening_offers_alternatives_and_opens_no_page(payments):
    _, service = an_office()
    opening = opening_ids(service)[0]
    book_one(service, opening=opening)
    payments.forget_calls()
    with pytest.raises(Taken) as taken:
        book_one(service, opening=opening)
    assert len(taken.value.alternatives) == 3
    assert payments.calls() == {}


def test_each_partner_of_a_couple_gets_a_link_of_their_own(payments):
    a_practice()
    _, service = a_couples_office()
    a_price(service, 480_000)
    a_policy(service, due_now="sum", deposit_cents=100_000, balance_days_before=14)
    booked = book_one(service, people=[a_person(), a_person()])
    purposes = dict(ManageToken.objects.values_list("participant__track", "purpose"))
    assert purposes == {"A": "manage", "B": "introduction"}
    assert set(booked.tokens) == {"A", "B"}
    assert booked.due_now == Money(100_000)
    accepted = booked.booking.participants.exclude(policy_accepted_at=None)
    assert [participant.track for participant in accepted] == ["A"]


def test_a_held_booking_is_booked_on_the_check_page(payments):
    _, service = an_office()
    held = hold(opening=opening_ids(service)[0], by=a_stranger(), now=NOW)
    booked = book_held(booking_id=held.pk, people=[a_person()], accept_policy=True, by=a_stranger(), now=NOW)
    assert payments.pay(booked.checkout_url) == 303
    assert settle(booking_id=held.pk, now=NOW).status == "confirmed"


def test_submitting_a_held_booking_again_keeps_the_open_page_and_ends_old_links(payments):
    _, service = an_office()
    held = hold(opening=opening_ids(service)[0], by=a_stranger(), now=NOW)
    first, second = (
        book_held(booking_id=held.pk, people=[a_person()], accept_policy=True, by=a_stranger(), now=NOW)
        for _ in range(2)
    )
    assert first.checkout_url == second.checkout_url
    assert ManageToken.objects.filter(revoked_at=None).count() == 1
