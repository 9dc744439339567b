"""Payments: deposits paid on the provider's page, and one that came after its time was given away."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from datetime import timedelta

from billing.gateway import Page, PageStatus, Payment
from billing.models import PaymentAttempt
from billing.operations.booking import Booked, book
from billing.operations.recording import record_page
from billing.operations.returning import settle
from scheduling.models import Booking, Reservation
from scheduling.operations.bookings.expire import expire_due
from scheduling.operations.bookings.extend import reservations_of
from scheduling.queries.openings.opening import Opening

from .clients import as_known
from .open_ends import free
from .scene import Scene, has_booked

PAID = (
    ("4-day", 60, 6),
    ("coaching", 62, 7),
    ("together", 64, 3),
)  # service, number of the first person, number of the opening
LATE, FASTER = 66, 68
CARD = {"number": "4242424242424242", "exp": "12/34", "cvc": "123", "name": "A Demo", "postal_code": "75034"}


def take_payments(scene: Scene) -> None:
    """Book as a client does and pay with a test card, then book one whose payment is late."""
    for slug, number, at in PAID:
        if not has_booked(number):
            _pay(_book(scene, free(scene, slug, at=at), number), scene)
    if not has_booked(LATE):
        _pay_too_late(scene)


def _book(scene: Scene, opening: Opening | None, number: int) -> Booked | None:
    if opening is None:
        return None
    people = as_known(range(number, number + opening.service.capacity))
    return book(opening=opening.id, people=people, accept_policy=True, by=scene.by, now=scene.now)


def _pay(booked: Booked | None, scene: Scene) -> None:
    """Pay on the payment page. Without a payment sandbox (`manage.py seed_demo` alone) the hold expires."""
    if booked is None or booked.checkout_url is None:
        return
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with suppress(urllib.error.URLError):  # it redirects to our own pages, which may not be running yet
        direct.open(booked.checkout_url, urllib.parse.urlencode(CARD).encode(), timeout=10).close()
    settle(booking_id=booked.booking.pk, now=scene.now)


def _pay_too_late(scene: Scene) -> None:
    """Write a payment that came after the hold expired and another booking took the time.

    Its refund fails, because only this database has the payment. The desk must find another way to return it.
    """
    opening = free(scene, "together", at=6)
    booked = _book(scene, opening, LATE)
    if opening is None or booked is None:
        return
    # Set the deadline back instead of waiting for an hour.
    past = scene.now - timedelta(minutes=1)
    Reservation.objects.filter(pk__in=reservations_of(booked.booking).values("pk")).update(held_until=past)
    Booking.objects.filter(pk=booked.booking.pk).update(held_at=past - timedelta(minutes=46), hold_expires_at=past)
    expire_due(now=scene.now)
    scene.book(opening, [FASTER, FASTER + 1], scene.now)
    attempt = PaymentAttempt.objects.get(booking=booked.booking)
    record_page(attempt_id=attempt.pk, page=_paid(attempt), by=scene.by, now=scene.now)


def _paid(attempt: PaymentAttempt) -> Page:
    return Page(
        session_id=attempt.stripe_session_id or f"cs_demo_{attempt.pk}",
        status=PageStatus.COMPLETE,
        url=attempt.url,
        expires_at=attempt.expires_at or attempt.created_at,
        token=str(attempt.token),
        payment=Payment(
            intent_id=f"pi_demo_{attempt.pk}", received_cents=attempt.amount_cents, currency=attempt.currency
        ),
    )
