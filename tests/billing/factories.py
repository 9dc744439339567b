"""Factories of billing rows, and helpers to book and pay."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from backend.accounts.actor import Actor
from billing.models import BookingTerms, LedgerEntry, PaymentAttempt, Policy, PolicyTier, Price
from billing.operations.booking import Booked, book
from scheduling.models import Booking, Location, Service
from scheduling.operations.clients import Person
from tests.factories import NOW, a_clinician, a_location, a_practice, a_room, a_service, a_stranger, number, openings_of

LONG_AGO = date(2020, 1, 1)


def a_price(service: Service, cents: int = 18_000, *, level: str = "", **fields: Any) -> Price:
    return Price.objects.create(service=service, level=level, amount_cents=cents, **{"valid_from": LONG_AGO} | fields)


def a_policy(service: Service, *, tiers: dict[int, int] | None = None, **fields: Any) -> Policy:
    """Create a policy. `tiers` maps hours before the start to the fee's share in basis points."""
    policy = Policy.objects.create(service=service, **{"valid_from": LONG_AGO, "due_now": "all"} | fields)
    for hours, share in ({24: 5_000} if tiers is None else tiers).items():
        PolicyTier.objects.create(policy=policy, hours_before=hours, fee_share_basis_points=share)
    return policy


def an_office(*, cents: int | None = 90_000, rooms: int = 1, **policy: Any) -> tuple[Location, Service]:
    """An office with one clinician, one room and one service, by default $900 with $180 due at booking."""
    a_practice()
    location = a_location()
    for _ in range(rooms):
        a_room(location)
    service = a_service(locations=[location], buffer_after=0)
    a_clinician(location, services=[service])
    if cents is not None:
        a_price(service, cents)
        a_fifth: dict[str, Any] = {"due_now": "share", "deposit_share_basis_points": 2_000, "balance_days_before": 7}
        a_policy(service, **a_fifth | policy)
    return location, service


def opening_ids(service: Service, *, now: datetime = NOW, days_ahead: int = 28) -> list[str]:
    """Ids of the openings in the week that starts `days_ahead` days from now."""
    first = now.date() + timedelta(days=days_ahead)
    found = openings_of(service=service, first=first, until=first + timedelta(days=7), now=now)
    return [opening.id for opening in found]


def a_person(name: str = "", **fields: Any) -> Person:
    n = number()
    return Person(name=name or f"Guest {n}", email=f"guest{n}@example.com", may_email=True, **fields)


def a_booking(location: Location, service: Service, **fields: Any) -> Booking:
    """A held booking without appointments."""
    defaults = {
        "reference": f"T{number():07}",
        "kind": "appointment",
        "status": "held",
        "mode": "office",
        "opening": "x",
        "held_at": NOW,
        "hold_expires_at": NOW + timedelta(minutes=15),
        "created_at": NOW,
    }
    return Booking.objects.create(location=location, service=service, **defaults | fields)


def some_terms(booking: Booking, **fields: Any) -> BookingTerms:
    defaults = {
        "policy_version": "none",
        "price_cents": 90_000,
        "due_now_cents": 18_000,
        "later_cents": 72_000,
        "frozen_at": NOW,
    }
    return BookingTerms.objects.create(booking=booking, **defaults | fields)


def an_attempt(booking: Booking, **fields: Any) -> PaymentAttempt:
    token = uuid4()
    defaults = {
        "purpose": "deposit",
        "amount_cents": 18_000,
        "token": token,
        "idempotency_key": f"page-{token}",
        "parameters": {},
        "created_at": NOW,
    }
    return PaymentAttempt.objects.create(booking=booking, **defaults | fields)


CHARGED_AND_PAID = [("payment", 18_000), ("charge", -90_000)]


def book_one(service: Service, *, by: Actor | None = None, now: datetime = NOW, **fields: Any) -> Booked:
    """Book the first opening, by default as a stranger."""
    defaults: dict[str, Any] = {"opening": opening_ids(service)[0], "people": [a_person()], "accept_policy": True}
    return book(by=by or a_stranger(), now=now, **defaults | fields)


def lines() -> list[tuple[str, int]]:
    """Kind and amount in cents of every ledger line, in order of creation."""
    return list(LedgerEntry.objects.order_by("pk").values_list("kind", "amount_cents"))
