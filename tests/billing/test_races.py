"""Races between threads with their own connections: clicks, webhooks, payment against expiry. Never skipped."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from backend.outbox.models import Delivery
from billing.models import LedgerEntry, PaymentAttempt
from billing.operations.booking import book, book_held
from billing.operations.paying import let_go, pay_again
from billing.operations.reconciling import reconcile
from billing.operations.refunds import NothingToRefund, plan_refund_step
from billing.operations.returning import settle
from billing.operations.webhook import receive
from scheduling.models import Booking, BookingMove, Reservation
from scheduling.operations.bookings.expire import expire_due
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.bookings.status import MoveRefused
from scheduling.operations.locks import lock_booking
from tests.factories import NOW, a_stranger

from .conftest import sign
from .factories import a_person, an_attempt, an_office, opening_ids

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run each act in a thread of its own, started by one barrier; returns results or exceptions in order."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.fixture
def held(payments):
    _, service = an_office()
    return hold(opening=opening_ids(service)[0], by=a_stranger(), now=NOW)


def book_it(booking):
    return book_held(booking_id=booking.pk, people=[a_person()], accept_policy=True, by=a_stranger(), now=NOW)


def pages(payments) -> int:
    """Number of payment pages at the provider."""
    return len(payments.api("GET", "/v1/checkout/sessions?limit=100")["data"])


def pay_it(payments, booking):
    payments.pay(book_it(booking).checkout_url)


def test_ten_clicks_on_pay_open_one_page(payments, held):
    """F75."""
    book_it(held)
    PaymentAttempt.objects.update(status="expired", settled_at=NOW)
    before = pages(payments)
    results = at_once(*[lambda: pay_again(booking_id=held.pk, by=a_stranger(), now=NOW).checkout_url] * 10)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert len(set(results)) == 1
    assert PaymentAttempt.objects.filter(status="open").count() == 1
    assert pages(payments) == before + 1


def test_ten_clicks_on_book_open_one_page(payments, held):
    results = at_once(*[lambda: book_it(held).checkout_url] * 10)
    assert len({one for one in results if isinstance(one, str)}) == 1
    assert [one for one in results if isinstance(one, Exception)] == []
    assert pages(payments) == 1


def test_without_the_row_lock_only_the_constraint_stops_the_second_attempt(payments, held):
    """Control without the lock: both threads see no live page, and only the constraint stops the second."""
    book_it(held)
    PaymentAttempt.objects.update(status="expired", settled_at=NOW)
    read = threading.Barrier(2)

    def plan_without_lock():
        with transaction.atomic():
            seen = PaymentAttempt.objects.filter(booking=held, status__in=["planned", "open"]).exists()
            read.wait()
            an_attempt(held)
            return seen

    first, second = sorted(map(str, at_once(plan_without_lock, plan_without_lock)))
    assert first == "False"
    assert "attempt_one_live_page_for_a_purpose" in second


def test_five_webhooks_at_once_record_one_payment(payments, held):
    pay_it(payments, held)
    body = payments.webhooks("checkout.session.completed")[-1][0]
    hand_over = lambda: receive(payload=body, signature=sign(body, NOW), now=NOW)  # noqa: E731
    results = at_once(*[hand_over] * 5)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert Booking.objects.get().status == "confirmed"
    assert LedgerEntry.objects.filter(kind="payment").count() == 1
    assert BookingMove.objects.filter(new="confirmed").count() == 1
    receivers = list(Delivery.objects.filter(purpose="booking_confirmed").values_list("receiver_id", flat=True))
    assert len(receivers) == len(set(receivers))


def test_webhook_return_page_and_reconciler_at_once_record_one_payment(payments, held):
    pay_it(payments, held)
    now = payments.pass_time(minutes=2)
    bodies = [payments.webhooks(kind)[-1][0] for kind in ("checkout.session.completed", "payment_intent.succeeded")]
    results = at_once(
        *[lambda body=body: receive(payload=body, signature=sign(body, now), now=now) for body in bodies],
        lambda: settle(booking_id=held.pk, now=now),
        lambda: reconcile(now=now),
        lambda: pay_again(booking_id=held.pk, by=a_stranger(), now=now),
    )
    assert [one for one in results if isinstance(one, Exception)] == []
    assert sorted(LedgerEntry.objects.values_list("kind", flat=True)) == ["charge", "payment"]


@pytest.mark.parametrize("round_", range(5))
def test_payment_against_expiry_and_another_booker_never_double_books(round_, payments, held):
    """F45: whichever thread wins, one booking has the time, and money that does not pay for it is refunded."""
    pay_it(payments, held)
    body = payments.webhooks("checkout.session.completed")[-1][0]
    late = payments.pass_time(minutes=50)

    def book_other():
        return book(
            opening=held.opening, people=[a_person()], accept_policy=True, by=a_stranger("other"), now=late
        ).booking

    results = at_once(
        lambda: receive(payload=body, signature=sign(body, late), now=late),
        lambda: expire_due(now=late),
        book_other,
    )
    assert [one for one in results if isinstance(one, Exception) and not isinstance(one, Taken)] == []
    held.refresh_from_db()
    assert held.status in ("confirmed", "paid_conflict")
    got_it = isinstance(results[2], Booking)
    assert got_it == (held.status == "paid_conflict")
    assert Reservation.objects.filter(released_at=None, appointment__isnull=False).count() == 2
    assert PaymentAttempt.objects.filter(purpose="refund").exists() == got_it


@pytest.mark.parametrize("round_", range(3))
def test_paying_while_letting_go_either_books_or_refuses_the_card(round_, payments, held):
    """F47: the page is expired first, so that no payment is left without a booking."""
    url = book_it(held).checkout_url
    paid, gone = at_once(lambda: payments.pay(url), lambda: let_go(booking_id=held.pk, by=a_stranger(), now=NOW))
    assert not isinstance(gone, Exception) or isinstance(gone, MoveRefused)
    settle(booking_id=held.pk, now=NOW)
    held.refresh_from_db()
    assert held.status == ("confirmed" if paid == 303 else "released")
    assert LedgerEntry.objects.filter(kind="payment").exists() == (paid == 303)


def test_two_refunds_at_once_never_exceed_the_payment(payments, held):
    """F64."""
    pay_it(payments, held)
    settle(booking_id=held.pk, now=NOW)
    payment = PaymentAttempt.objects.get()

    def refund_most():
        with transaction.atomic():
            lock_booking(held.pk)
            return plan_refund_step(payment=payment, amount_cents=12_000, now=NOW).pk

    results = at_once(refund_most, refund_most)
    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, NothingToRefund)]
    assert PaymentAttempt.objects.filter(purpose="refund").count() == 1


def test_twenty_bookers_of_one_opening_open_one_page(payments):
    _, service = an_office()
    opening = opening_ids(service)[0]
    acts = [
        lambda n=n: book(
            opening=opening, people=[a_person()], accept_policy=True, by=a_stranger(f"browser-{n}"), now=NOW
        )
        for n in range(20)
    ]
    results = at_once(*acts)
    losers = [one for one in results if isinstance(one, Taken)]
    assert len(losers) == 19
    assert pages(payments) == 1
    assert PaymentAttempt.objects.get().expires_at == NOW + timedelta(minutes=31)


@contextmanager
def somebody_at_work_on(booking) -> Iterator[None]:
    """Hold the row lock of a booking on another connection, with a lock timeout of 100 ms on ours."""
    locked, done = threading.Event(), threading.Event()

    def work() -> None:
        with transaction.atomic():
            lock_booking(booking.pk)
            locked.set()
            done.wait(60)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    locked.wait(60)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
        try:
            yield
        finally:
            cursor.execute("RESET lock_timeout")
            done.set()
            thread.join(60)


def test_a_lock_timeout_while_a_late_payment_is_booked_leaves_it_for_the_next_try(payments, held):
    """F45: the time is free but locked, so the payment is recorded at the next try."""
    pay_it(payments, held)
    expire_due(now=payments.pass_time(minutes=50))
    dead = hold(opening=held.opening, by=a_stranger("another"), now=payments.now)
    now = payments.pass_time(minutes=20)

    with somebody_at_work_on(dead), pytest.raises(OperationalError):
        settle(booking_id=held.pk, now=now)

    assert Booking.objects.get(pk=held.pk).status == "expired"
    assert not LedgerEntry.objects.exists()
    assert settle(booking_id=held.pk, now=now).status == "confirmed"
