"""Pay again, confirm without payment, or release a hold whose payment page may be open."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from backend.accounts.actor import Actor
from backend.transactions import durable
from billing.gateway import GatewayUnreachable
from billing.models import BookingTerms, PaymentAttempt
from billing.money import Money
from billing.queries.payments import is_paid, live_page
from scheduling.models import Booking
from scheduling.operations.bookings.confirm import confirm_step
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.extend import TooManyPaymentPages
from scheduling.operations.bookings.refused import HoldEnded
from scheduling.operations.bookings.release import release_step
from scheduling.operations.links.links import issue_step
from scheduling.operations.locks import lock_booking

from .booking import Booked
from .errors import PaymentUnavailable, ReasonMissing
from .lines import charge_step
from .pages import DONE, ask, close_page, open_page, plan_page_step

LEAST_LEFT = timedelta(minutes=1)  # a page that ends sooner leaves no time to type a card number
TRIES = 3


def pay_again(*, booking_id: int, by: Actor, now: datetime, return_to: str = DONE) -> Booked:
    """Return the open payment page of a booking, or open another, at most three in all.

    Asks the provider first, so that nobody is sent to pay twice. Without `checkout_url` there is nothing left to pay.
    Raises HoldEnded, TooManyPaymentPages, PaymentUnavailable, BookingTerms.DoesNotExist.
    """
    _refresh(booking_id=booking_id, by=by, now=now)
    attempt = _plan(booking_id=booking_id, return_to=return_to, now=now)
    opened = open_page(attempt_id=attempt.pk, now=now) if attempt is not None else None
    terms = BookingTerms.objects.get(pk=booking_id)
    return Booked(
        booking=Booking.objects.get(pk=booking_id),
        due_now=Money(terms.due_now_cents, terms.currency),
        checkout_url=opened.url if opened is not None and opened.is_live else None,
    )


def pick_up(*, api_call: int, by: Actor, now: datetime) -> Booked | None:
    """The booking that an earlier run of an API call made before its answer was lost (F23), or None.

    Issues a fresh manage link for the first person, and opens a payment page if one can be opened.
    """
    booking = Booking.objects.filter(api_call=api_call).first()
    if booking is None:
        return None
    with suppress(HoldEnded, TooManyPaymentPages, PaymentUnavailable):
        pay_again(booking_id=booking.pk, by=by, now=now)
    terms = BookingTerms.objects.get(pk=booking.pk)
    first = booking.participants.get(track="A")
    return Booked(
        booking=Booking.objects.get(pk=booking.pk),
        due_now=Money(terms.due_now_cents, terms.currency),
        tokens={"A": durable(issue_step)(participant=first, now=now)},
    )


def _refresh(*, booking_id: int, by: Actor, now: datetime) -> None:
    """Record the provider's state of the live page; close one that is about to end. Raises PaymentUnavailable."""
    live = live_page(booking_id)
    if live is None:
        return
    try:
        live = _asked(live, now=now)
    except PaymentUnavailable:
        if live_page(booking_id) is not None:
            raise
        return
    if live.is_live and live.expires_at is not None and live.expires_at < now + LEAST_LEFT:
        _closed(live, by=by, now=now)


@durable
def _plan(*, booking_id: int, return_to: str, now: datetime) -> PaymentAttempt | None:
    booking = lock_booking(booking_id)
    terms = BookingTerms.objects.get(pk=booking_id)
    if not terms.due_now_cents or is_paid(booking_id):
        return None
    payer_id = booking.participants.order_by("track").values_list("client", flat=True).first()
    return plan_page_step(booking=booking, payer_id=payer_id, terms=terms, return_to=return_to, now=now)


def confirm_unpaid(*, booking_id: int, reason: str, by: Actor, now: datetime, notify: bool = True) -> Booking:
    """Confirm a hold without payment. The client still owes the amount and may still pay on an open page.

    Raises ReasonMissing, HoldEnded, Booking.DoesNotExist.
    """
    if not by.is_staff or not reason.strip():
        raise ReasonMissing("Say why this is confirmed without payment.")
    return _confirm_unpaid(booking_id=booking_id, reason=reason.strip(), by=by, now=now, notify=notify)


@durable
def _confirm_unpaid(*, booking_id: int, reason: str, by: Actor, now: datetime, notify: bool) -> Booking:
    booking = lock_booking(booking_id)
    if booking.status != Booking.Status.HELD:
        raise HoldEnded("Your hold on this time has ended. Choose a time to continue.")
    confirm_step(draft=BookingDraft.read(booking), by=by, now=now, unpaid_reason=reason, notify=notify)
    charge_step(booking=booking, terms=BookingTerms.objects.get(pk=booking_id), by=by, now=now)
    return booking


def let_go(*, booking_id: int, by: Actor, now: datetime, reason: str = "") -> Booking:
    """Release a hold before its deadline. Its payment page is closed first; if that was paid, the booking stays (F47).

    Raises MoveRefused, PaymentUnavailable (the hold then ends at its deadline), Booking.DoesNotExist.
    """
    for _ in range(TRIES):
        live = live_page(booking_id)
        if live is not None:
            _closed(live, by=by, now=now)
        booking = _release(booking_id=booking_id, by=by, now=now, reason=reason)
        if booking is not None:
            return booking
    raise PaymentUnavailable


@durable
def _release(*, booking_id: int, by: Actor, now: datetime, reason: str) -> Booking | None:
    """Release unless it was paid; None if another page was opened meanwhile."""
    booking = lock_booking(booking_id)
    if is_paid(booking_id):
        return booking
    if live_page(booking_id) is not None:
        return None
    release_step(booking=booking, by=by, now=now, reason=reason)
    return booking


def _asked(attempt: PaymentAttempt, *, now: datetime) -> PaymentAttempt:
    try:
        return ask(attempt=attempt, now=now)
    except GatewayUnreachable as error:
        raise PaymentUnavailable from error


def _closed(attempt: PaymentAttempt, *, by: Actor, now: datetime) -> PaymentAttempt:
    try:
        return close_page(attempt=attempt, by=by, now=now)
    except GatewayUnreachable as error:
        raise PaymentUnavailable from error
