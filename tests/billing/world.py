"""The rows that billing's rows refer to, and a factory of a valid, unsaved row for each model."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, models

from billing.models import (
    BookingTerms,
    ClientRate,
    LedgerEntry,
    Package,
    PackageDraw,
    PaymentAttempt,
    Policy,
    PolicyTier,
    Price,
    StripeCustomer,
    StripeEvent,
)
from scheduling.models import Appointment, Attendance, Participant
from tests.factories import NOW, a_client, a_location, a_service, in_days

from .factories import LONG_AGO, a_booking, a_policy, an_attempt


class World:
    """Saved rows for the foreign keys of billing's rows."""

    def __init__(self) -> None:
        self.location = a_location()
        self.service = a_service(locations=[self.location])
        self.client = a_client()
        self.policy = a_policy(self.service, tiers={})
        self.booking = a_booking(self.location, self.service)
        self.payment = an_attempt(self.booking, purpose="balance")
        self.appointment = Appointment.objects.create(
            service=self.service,
            during=(NOW + in_days(7), NOW + in_days(7) + timedelta(hours=1)),
            mode="online",
            location=self.location,
            capacity=1,
        )
        participant = Participant.objects.create(booking=self.booking, client=self.client)
        self.attendance = Attendance.objects.create(participant=participant, appointment=self.appointment)
        self.package = Package.objects.create(client=self.client, sessions=1, price_cents=1, bought_on=LONG_AGO)


def price(w: World, **fields: Any) -> models.Model:
    return Price(**{"service": w.service, "amount_cents": 18_000, "valid_from": LONG_AGO} | fields)


def rate(w: World, **fields: Any) -> models.Model:
    defaults = {
        "client": w.client,
        "service": w.service,
        "amount_cents": 9_000,
        "reason": "agreed by phone",
        "valid_from": LONG_AGO,
    }
    return ClientRate(**defaults | fields)


def policy(w: World, **fields: Any) -> models.Model:
    return Policy(**{"service": w.service, "version": 2, "valid_from": LONG_AGO, "due_now": "all"} | fields)


def tier(w: World, **fields: Any) -> models.Model:
    return PolicyTier(**{"policy": w.policy, "hours_before": 24, "fee_share_basis_points": 5_000} | fields)


def terms(w: World, **fields: Any) -> models.Model:
    defaults = {
        "booking": w.booking,
        "policy_version": "none",
        "price_cents": 900,
        "due_now_cents": 180,
        "later_cents": 720,
        "frozen_at": NOW,
    }
    return BookingTerms(**defaults | fields)


def attempt(w: World, **fields: Any) -> models.Model:
    token = uuid4()
    defaults = {
        "booking": w.booking,
        "purpose": "deposit",
        "amount_cents": 18_000,
        "token": token,
        "idempotency_key": str(token),
        "parameters": {},
        "created_at": NOW,
    }
    return PaymentAttempt(**defaults | fields)


def refund(w: World, **fields: Any) -> models.Model:
    return attempt(w, **{"purpose": "refund", "refund_of": w.payment} | fields)


def line(w: World, **fields: Any) -> models.Model:
    defaults = {"booking": w.booking, "kind": "charge", "amount_cents": -18_000, "actor": "system:test", "at": NOW}
    return LedgerEntry(**defaults | fields)


def paid(w: World, **fields: Any) -> models.Model:
    return line(w, **{"kind": "payment", "amount_cents": 18_000, "stripe_ref": "pi_1"} | fields)


def event(w: World, **fields: Any) -> models.Model:
    return StripeEvent(**{"event_id": "evt_1", "type": "x", "happened_at": NOW, "received_at": NOW} | fields)


def customer(w: World, **fields: Any) -> models.Model:
    return StripeCustomer(**{"client": w.client, "customer_id": "cus_1", "saved_at": NOW} | fields)


def package(w: World, **fields: Any) -> models.Model:
    return Package(**{"client": w.client, "sessions": 5, "price_cents": 1, "bought_on": date(2027, 1, 1)} | fields)


def draw(w: World, **fields: Any) -> models.Model:
    return PackageDraw(**{"package": w.package, "attendance": w.attendance, "drawn_at": NOW} | fields)


def save_raw(row: models.Model) -> None:
    """Insert a row by SQL, without defaults, validation or signals."""
    fields = [field for field in row._meta.local_concrete_fields if field.column != "id"]
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{row._meta.db_table}" ({names}) VALUES ({marks})', values)


def save_orm(row: models.Model) -> None:
    row.save(force_insert=True)


def by_orm(row: models.Model, **fields: Any) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**fields)


def by_sql(row: models.Model, **fields: Any) -> None:
    sets = ", ".join(f'"{name}" = %s' for name in fields)
    with connection.cursor() as cursor:
        key = row._meta.pk.column
        cursor.execute(f'UPDATE "{row._meta.db_table}" SET {sets} WHERE {key} = %s', [*fields.values(), row.pk])
