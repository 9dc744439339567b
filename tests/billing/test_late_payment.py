"""A late payment books the time if the time is free, else it is refunded, and nothing is double booked (F45, F46)."""

from datetime import timedelta

import pytest

from backend.outbox import tasks as outbox
from backend.outbox.models import Delivery
from backend.worklist.models import WorkItem
from billing.models import LedgerEntry, PaymentAttempt
from billing.operations.booking import book
from billing.operations.paying import confirm_unpaid
from billing.operations.reconciling import reconcile
from billing.operations.returning import settle
from billing.queries.ledger import balance
from scheduling.models import Booking, Reservation, TimeOff
from scheduling.operations.bookings.expire import expire_due
from scheduling.operations.bookings.release import release
from scheduling.operations.staff_time.absences import save_time_off_step
from tests.factories import a_stranger, an_actor

from .factories import a_person, an_office, opening_ids

pytestmark = pytest.mark.django_db
LATE = timedelta(minutes=50)


def paid_but_unheard(payments, service, opening=None):
    """A booking that is paid at the provider and still held here, because no webhook was delivered."""
    opening = opening or opening_ids(service)[0]
    booked = book(opening=opening, people=[a_person()], accept_policy=True, by=a_stranger(), now=payments.now)
    payments.pay(booked.checkout_url)
    return booked.booking


def deliver_outbox(payments):
    """Deliver all due deliveries, as a worker does."""
    outbox.deliver_due(until=float("inf"), now=payments.now)


def taken_by_another(service, opening, now):
    other = book(
        opening=opening,
        people=[a_person()],
        accept_policy=True,
        by=an_actor("desk"),
        now=now,
        unpaid_reason="by phone",
        notify=False,
    )
    return other.booking


def live_reservations(booking):
    return Reservation.objects.filter(appointment__attendances__participant__booking=booking, released_at=None)


def test_a_payment_after_the_deadline_of_an_unexpired_hold_books_it(payments):
    _, service = an_office()
    booking = paid_but_unheard(payments, service)
    payments.now += LATE
    payments.deliver()
    booking.refresh_from_db()
    assert booking.status == "confirmed"
    assert live_reservations(booking).filter(held_until=None).count() == 2


def test_a_payment_after_expiry_books_the_time_if_it_is_free(payments):
    _, service = an_office()
    booking = paid_but_unheard(payments, service)
    payments.now += LATE
    assert expire_due(now=payments.now) == 1
    payments.deliver()
    booking.refresh_from_db()
    assert booking.status == "confirmed"
    assert live_reservations(booking).count() == 2
    assert not WorkItem.objects.exists()


def test_a_payment_after_the_time_was_resold_is_refunded_in_full(payments):
    _, service = an_office()
    opening = opening_ids(service)[0]
    booking = paid_but_unheard(payments, service, opening)
    other = taken_by_another(service, opening, payments.pass_time(minutes=50))

    payments.deliver()
    booking.refresh_from_db()
    assert booking.status == "paid_conflict"
    assert live_reservations(other).count() == 2
    assert [item.kind for item in WorkItem.objects.all()] == ["odd_money"]

    deliver_outbox(payments)
    booking.refresh_from_db()
    lines = LedgerEntry.objects.filter(booking=booking).order_by("pk").values_list("kind", "amount_cents")
    assert list(lines) == [("payment", 18_000), ("refund", -18_000)]
    assert booking.status == "cancelled"


def test_a_payment_after_the_deadline_is_refunded_if_time_off_was_entered_meanwhile(payments):
    """The hold is past its deadline, but no sweep has released it yet (F45)."""
    _, service = an_office()
    booking = paid_but_unheard(payments, service)
    payments.now += LATE
    led = booking.participants.get().attendances.get().appointment
    save_time_off_step(row=TimeOff(clinician=led.clinicians.get(), during=led.during), now=payments.now)

    payments.deliver()
    deliver_outbox(payments)

    booking.refresh_from_db()
    lines = LedgerEntry.objects.filter(booking=booking).order_by("pk").values_list("kind", "amount_cents")
    assert (booking.status, list(lines)) == ("cancelled", [("payment", 18_000), ("refund", -18_000)])


def test_a_time_booked_by_a_late_payment_is_refused_to_another_booker(payments):
    """The same two events in the other order: first the payment, then the other booking."""
    from scheduling.operations.bookings.refused import Taken

    _, service = an_office()
    opening = opening_ids(service)[0]
    booking = paid_but_unheard(payments, service, opening)
    payments.now += LATE
    expire_due(now=payments.now)
    payments.deliver()
    with pytest.raises(Taken):
        taken_by_another(service, opening, payments.now)
    booking.refresh_from_db()
    assert booking.status == "confirmed"


def test_a_late_payment_reported_five_times_is_refunded_once(payments):
    _, service = an_office()
    opening = opening_ids(service)[0]
    booking = paid_but_unheard(payments, service, opening)
    taken_by_another(service, opening, payments.pass_time(minutes=50))
    for _ in range(5):
        payments.deliver()
        payments.deliver("payment_intent.succeeded")
        settle(booking_id=booking.pk, now=payments.now)
        deliver_outbox(payments)
    assert payments.calls()["POST /v1/refunds"] == 1
    assert LedgerEntry.objects.filter(booking=booking, kind="refund").count() == 1


@pytest.mark.parametrize("after", ["released", "cancelled"])
def test_a_payment_for_a_booking_that_was_given_up_is_refunded_with_a_work_item(after, payments):
    _, service = an_office()
    booking = paid_but_unheard(payments, service)
    give_up(booking, after)
    payments.deliver()
    deliver_outbox(payments)
    booking.refresh_from_db()
    assert booking.status == after
    item = WorkItem.objects.get()
    assert (item.kind, item.location_id) == ("odd_money", booking.location_id)
    assert after in item.words
    lines = LedgerEntry.objects.filter(booking=booking, kind__in=["payment", "refund"])
    assert sum(line.amount_cents for line in lines) == 0
    assert lines.count() == 2


def give_up(booking, how):
    if how == "released":
        release(booking_id=booking.pk, by=a_stranger(), now=booking.created_at)
        return
    from django.db import transaction

    from scheduling.operations.bookings.status import move_step
    from scheduling.operations.locks import lock_booking

    confirm_unpaid(booking_id=booking.pk, reason="call", by=an_actor("desk"), now=booking.created_at)
    with transaction.atomic():
        move_step(booking=lock_booking(booking.pk), to="cancelled", by=an_actor("desk"), now=booking.created_at)


def test_a_second_payment_for_the_same_purpose_is_refunded(payments):
    """F77: the client pays once, however many pages were paid."""
    _, service = an_office()
    booking = paid_but_unheard(payments, service)
    settle(booking_id=booking.pk, now=payments.now)
    second = PaymentAttempt.objects.get()
    second.pk, second.status, second.stripe_session_id, second.stripe_intent_id = None, "planned", "", ""
    second.token = "5e1c6f0e-0c1d-4b8b-9d3e-0a4b5c6d7e8f"
    second.idempotency_key, second.settled_at = "page-second", None
    second.parameters = second.parameters | {
        "metadata": {"attempt": second.token},
        "customer": None,
        "customer_creation": "always",
    }
    del second.parameters["customer"]
    second.save()
    settle(booking_id=booking.pk, now=payments.now)
    second.refresh_from_db()
    payments.pay(second.url)
    settle(booking_id=booking.pk, now=payments.now)
    deliver_outbox(payments)
    assert balance(booking).paid.cents == 18_000
    assert "twice" in WorkItem.objects.get().words


def test_without_webhooks_the_reconciler_books_the_payment(payments):
    """F58: the reconciler asks the provider before a hold is released."""
    _, service = an_office()
    booking = paid_but_unheard(payments, service)
    assert reconcile(now=payments.pass_time(minutes=10)) == 1
    booking.refresh_from_db()
    assert booking.status == "confirmed"


def test_the_reconciler_leaves_an_unpaid_hold_until_its_deadline(payments):
    _, service = an_office()
    booked = book(
        opening=opening_ids(service)[0], people=[a_person()], accept_policy=True, by=a_stranger(), now=payments.now
    )
    reconcile(now=payments.pass_time(minutes=40))
    assert PaymentAttempt.objects.get().status == "expired"
    booked.booking.refresh_from_db()
    assert booked.booking.status == "held"
    expire_due(now=payments.pass_time(minutes=6))
    assert Booking.objects.get().status == "expired"


def test_the_reconciler_makes_a_refund_whose_delivery_was_lost(payments):
    _, service = an_office()
    booking = paid_but_unheard(payments, service)
    release(booking_id=booking.pk, by=a_stranger(), now=payments.now)
    payments.deliver()
    Delivery.objects.filter(purpose="refund").delete()
    reconcile(now=payments.pass_time(minutes=11))
    assert balance(booking).paid.cents == 0


def test_one_failing_booking_does_not_stop_the_reconciler(payments):
    _, service = an_office()
    openings = opening_ids(service)
    first, second = (paid_but_unheard(payments, service, opening) for opening in (openings[0], openings[10]))
    PaymentAttempt.objects.filter(booking=first, status="open").update(stripe_session_id="cs_gone")
    reconcile(now=payments.pass_time(minutes=10))
    second.refresh_from_db()
    assert second.status == "confirmed"
    assert PaymentAttempt.objects.get(booking=first).error == "resource_missing"
