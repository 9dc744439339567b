"""Triggers refuse changes to agreed terms, ledger lines and planned payments, and backward moves of an attempt."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from billing.models import PackageDraw
from scheduling.models import Attendance, Booking, Participant
from tests.factories import NOW

from .factories import an_attempt, some_terms
from .world import World, attempt, by_orm, by_sql, draw, line, policy, save_orm, save_raw, terms, tier

pytestmark = pytest.mark.django_db
EITHER_WAY = pytest.mark.parametrize("change", [by_orm, by_sql])


@pytest.fixture
def world() -> World:
    return World()


@EITHER_WAY
@pytest.mark.parametrize("make", [terms, line, policy, tier])
def test_terms_ledger_lines_and_policies_cannot_be_edited(make, change, world):
    row = make(world)
    row.save(force_insert=True)
    field = "hours_before" if make is tier else "version" if make is policy else "currency"
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        change(row, **{field: getattr(row, field)})


@pytest.mark.parametrize("make", [terms, line])
def test_terms_and_ledger_lines_cannot_be_deleted(make, world):
    row = make(world)
    row.save(force_insert=True)
    with pytest.raises(DatabaseError, match="or delete"), transaction.atomic():
        row.delete()
    with pytest.raises(DatabaseError, match="or delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{row._meta.db_table}"')


@EITHER_WAY
@pytest.mark.parametrize("path", [("open", "expired", "succeeded"), ("failed", "succeeded"), ("succeeded",)])
def test_an_attempt_moves_as_its_table_allows(path, change, world):
    for status in path:
        change(world.payment, **moved(status))
    world.payment.refresh_from_db()
    assert world.payment.status == path[-1]


def moved(status: str) -> dict[str, Any]:
    live = status in ("planned", "open")
    page = {"stripe_session_id": "cs_1", "url": "https://pay.example/1", "expires_at": NOW} if status == "open" else {}
    return {"status": status, "settled_at": None if live else NOW} | page


@EITHER_WAY
@pytest.mark.parametrize(
    "path", [("open", "planned"), ("succeeded", "open"), ("expired", "open"), ("succeeded", "expired")]
)
def test_an_attempt_never_moves_back(path, change, world):
    change(world.payment, **moved(path[0]))
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        change(world.payment, **moved(path[1]))


@EITHER_WAY
def test_a_payment_that_succeeded_never_fails(change, world):
    change(world.payment, **moved("succeeded"))
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        change(world.payment, **moved("failed"))


@EITHER_WAY
def test_a_refund_that_succeeded_may_fail_later(change, world):
    given = an_attempt(world.booking, purpose="refund", refund_of=world.payment)
    change(given, **moved("succeeded"))
    change(given, **moved("failed"))


@pytest.mark.parametrize("save", [save_orm, save_raw])
def test_an_attempt_must_start_as_planned(save, world):
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        save(attempt(world, status="succeeded", settled_at=NOW))


STAYS = {
    "idempotency_key": "another",
    "amount_cents": 1,
    "currency": "cad",
    "purpose": "deposit",
    "token": UUID(int=1),
    "parameters": '{"amount": 1}',
}


@EITHER_WAY
@pytest.mark.parametrize("field", STAYS)
def test_the_fields_sent_to_the_provider_cannot_be_edited(field, change, world):
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        change(world.payment, **{field: STAYS[field]})


def test_the_database_counts_the_sessions_drawn(world):
    first = PackageDraw.objects.create(package=world.package, attendance=world.attendance, drawn_at=NOW)
    world.package.refresh_from_db()
    assert world.package.sessions_used == 1
    PackageDraw.objects.filter(pk=first.pk).update(returned_at=NOW)
    world.package.refresh_from_db()
    assert world.package.sessions_used == 0


def test_a_package_is_not_overdrawn(world):
    save_orm(draw(world))
    other = Booking.objects.create(
        reference="T-OTHER", kind="appointment", status="requested", service=world.service,
        location=world.location, mode="online", opening="x", created_at=NOW,
    )  # fmt: skip
    Attendance.objects.filter(pk=world.attendance.pk).update(status="cancelled")
    person = Participant.objects.create(booking=other, client=world.client)
    second = Attendance.objects.create(participant=person, appointment=world.appointment)
    with pytest.raises(IntegrityError, match="package_is_not_overdrawn"), transaction.atomic():
        save_orm(draw(world, attendance=second))


def test_terms_belong_to_one_booking(world):
    some_terms(world.booking)
    with pytest.raises(IntegrityError), transaction.atomic():
        save_raw(terms(world))
