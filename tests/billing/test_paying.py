"""Paying, paying again and confirming without payment, over real HTTP to the sandbox."""

import pgtrigger
import pytest

from backend.outbox.models import Delivery
from backend.worklist.models import WorkItem
from billing.models import PaymentAttempt
from billing.money import Money
from billing.operations.errors import PaymentUnavailable, ReasonMissing
from billing.operations.paying import confirm_unpaid, let_go, pay_again
from billing.operations.returning import settle
from billing.queries.ledger import balance
from scheduling.operations.bookings.extend import TooManyPaymentPages
from scheduling.operations.bookings.refused import HoldEnded
from tests.factories import NOW, a_stranger, an_actor

from .factories import CHARGED_AND_PAID, an_office, book_one, lines, opening_ids

pytestmark = pytest.mark.django_db
REFUSED = "4000000000000002"


def test_after_a_refused_card_another_card_books(payments):
    _, service = an_office()
    booked = book_one(service)
    assert payments.pay(booked.checkout_url, number=REFUSED) != 303
    assert settle(booking_id=booked.booking.pk, now=NOW).status == "held"
    assert payments.pay(booked.checkout_url) == 303
    assert settle(booking_id=booked.booking.pk, now=NOW).status == "confirmed"
    assert lines() == CHARGED_AND_PAID


def test_paying_again_returns_the_open_page(payments):
    _, service = an_office()
    booked = book_one(service)
    again = pay_again(booking_id=booked.booking.pk, by=a_stranger(), now=payments.pass_time(minutes=10))
    assert again.checkout_url == booked.checkout_url
    assert PaymentAttempt.objects.count() == 1


def test_a_page_about_to_end_is_replaced_by_a_new_one(payments):
    _, service = an_office()
    booked = book_one(service)
    again = pay_again(booking_id=booked.booking.pk, by=a_stranger(), now=payments.pass_time(minutes=30, seconds=30))
    assert again.checkout_url != booked.checkout_url
    assert payments.pay(booked.checkout_url) != 303
    assert payments.pay(again.checkout_url) == 303


def test_at_most_three_pages_are_opened(payments):
    _, service = an_office()
    booked = book_one(service)
    for _ in range(2):
        pay_again(booking_id=booked.booking.pk, by=a_stranger(), now=payments.pass_time(minutes=32))
    with pytest.raises(TooManyPaymentPages):
        pay_again(booking_id=booked.booking.pk, by=a_stranger(), now=payments.pass_time(minutes=32))


def test_paying_again_after_paying_confirms_without_a_page(payments):
    _, service = an_office()
    booked = book_one(service)
    payments.pay(booked.checkout_url)
    again = pay_again(booking_id=booked.booking.pk, by=a_stranger(), now=NOW)
    assert (again.booking.status, again.checkout_url) == ("confirmed", None)
    assert PaymentAttempt.objects.count() == 1


def test_paying_after_the_hold_ended_is_refused(payments):
    _, service = an_office()
    booked = book_one(service)
    with pytest.raises(HoldEnded):
        pay_again(booking_id=booked.booking.pk, by=a_stranger(), now=payments.pass_time(minutes=46))


def test_when_the_provider_is_down_the_hold_stays_and_can_be_paid_later(payments):
    _, service = an_office()
    payments.lever("answers", fail=1)
    booked = book_one(service)
    assert (booked.booking.status, booked.checkout_url) == ("held", None)
    again = pay_again(booking_id=booked.booking.pk, by=a_stranger(), now=NOW)
    assert payments.pay(again.checkout_url) == 303


def test_after_a_lost_answer_the_same_page_is_used(payments, settings):
    _, service = an_office()
    payments.lever("answers", lose=1, match="POST /v1/checkout/sessions")
    booked = book_one(service)
    assert payments.pay(booked.checkout_url) == 303
    listed = payments.api("GET", "/v1/checkout/sessions")["data"]
    assert len(listed) == 1


def test_an_attempt_planned_before_the_process_died_is_opened_by_settle(payments, settings):
    _, service = an_office()
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    booked = book_one(service)
    assert (booked.checkout_url, PaymentAttempt.objects.get().status) == (None, "planned")
    settings.STRIPE_API_BASE = payments.url
    settle(booking_id=booked.booking.pk, now=NOW)
    assert PaymentAttempt.objects.get().status == "open"


def test_a_planned_page_that_can_no_longer_be_opened_is_replaced(payments, settings):
    """Minutes after the process died, the page's end is too near for the provider to accept."""
    _, service = an_office()
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    booked = book_one(service)
    settings.STRIPE_API_BASE = payments.url
    again = pay_again(booking_id=booked.booking.pk, by=a_stranger(), now=payments.pass_time(minutes=5))
    assert payments.pay(again.checkout_url) == 303
    assert list(PaymentAttempt.objects.order_by("pk").values_list("status", flat=True)) == ["failed", "open"]


def test_letting_go_is_refused_while_the_provider_is_down(payments, settings):
    _, service = an_office()
    booked = book_one(service)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    with pytest.raises(PaymentUnavailable):
        let_go(booking_id=booked.booking.pk, by=a_stranger(), now=NOW)
    booked.booking.refresh_from_db()
    assert booked.booking.status == "held"


def test_letting_go_expires_the_page(payments):
    _, service = an_office()
    booked = book_one(service)
    assert let_go(booking_id=booked.booking.pk, by=a_stranger(), now=NOW).status == "released"
    assert payments.pay(booked.checkout_url) != 303
    assert PaymentAttempt.objects.get().status == "expired"


def test_letting_go_of_a_hold_that_was_just_paid_confirms_it(payments):
    _, service = an_office()
    booked = book_one(service)
    payments.pay(booked.checkout_url)
    assert let_go(booking_id=booked.booking.pk, by=a_stranger(), now=NOW).status == "confirmed"
    assert lines() == CHARGED_AND_PAID


def test_staff_can_confirm_without_payment_with_a_reason(payments):
    _, service = an_office()
    booked = book_one(service, by=an_actor("desk"))
    confirmed = confirm_unpaid(booking_id=booked.booking.pk, reason=" pays by check ", by=an_actor("desk"), now=NOW)
    assert (confirmed.status, confirmed.confirmed_unpaid_reason) == ("confirmed", "pays by check")
    assert balance(confirmed).due == Money(90_000)


def test_a_booking_no_longer_held_cannot_be_confirmed_unpaid(payments):
    _, service = an_office()
    booked = book_one(service)
    let_go(booking_id=booked.booking.pk, by=a_stranger(), now=NOW)
    with pytest.raises(HoldEnded):
        confirm_unpaid(booking_id=booked.booking.pk, reason="call", by=an_actor("desk"), now=NOW)


def test_a_client_cannot_confirm_without_payment(payments):
    _, service = an_office()
    booked = book_one(service)
    with pytest.raises(ReasonMissing):
        confirm_unpaid(booking_id=booked.booking.pk, reason="because", by=a_stranger(), now=NOW)
    with pytest.raises(ReasonMissing):
        book_one(service, opening=opening_ids(service)[5], unpaid_reason="because")


def test_staff_can_confirm_unpaid_while_booking(payments):
    _, service = an_office()
    booked = book_one(service, by=an_actor("desk"), unpaid_reason="pays by check", notify=False)
    assert (booked.booking.status, booked.checkout_url) == ("confirmed", None)
    assert payments.calls() == {}


def test_a_deposit_paid_after_confirming_unpaid_counts(payments):
    _, service = an_office()
    booked = book_one(service, by=an_actor("desk"))
    confirm_unpaid(booking_id=booked.booking.pk, reason="call", by=an_actor("desk"), now=NOW)
    payments.pay(booked.checkout_url)
    settle(booking_id=booked.booking.pk, now=NOW)
    assert balance(booked.booking).due == Money(72_000)
    assert not Delivery.objects.filter(purpose="refund").exists()


@pytest.mark.parametrize(
    ("field", "value"), [("amount_cents", 18_001), ("currency", "cad"), ("parameters", {"customer": "cus_other"})]
)
def test_a_payment_that_does_not_match_its_attempt_opens_a_work_item(field, value, payments):
    """F72: the received payment is compared with the attempt."""
    _, service = an_office()
    booked = book_one(service)
    payments.pay(booked.checkout_url)
    with pgtrigger.ignore("billing.PaymentAttempt:key_and_amount_stay"):
        PaymentAttempt.objects.update(**{field: value})
    assert settle(booking_id=booked.booking.pk, now=NOW).status == "held"
    assert lines() == [("payment", 18_000)]
    assert WorkItem.objects.get().kind == "odd_money"
