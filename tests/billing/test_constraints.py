"""Every rule that a row can hold, both ways: a good row is taken, a bad one refused, by ORM and by raw SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction

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
from scheduling.models import Appointment, Attendance, Booking, Participant
from tests.factories import NOW, a_client, a_location, a_service, in_days

from .factories import LONG_AGO, a_booking, a_policy, an_attempt, some_terms

pytestmark = pytest.mark.django_db


class World:
    """What the rows point to."""

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


@pytest.fixture
def world() -> World:
    return World()


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


class Rule(NamedTuple):
    """A constraint, the row maker, what makes it bad, and a neighbor that is still good (`first` stands before)."""

    name: str
    make: Callable[..., models.Model]
    bad: dict[str, Any]
    good: dict[str, Any]
    first: dict[str, Any] | None = None


LATER = date(2027, 6, 1)
RULES = [
    Rule("price_level", price, {"level": "guru"}, {"level": "senior"}),
    Rule("price_ends_after_it_begins", price, {"valid_until": LONG_AGO}, {"valid_until": LATER}),
    Rule("price_one_at_a_time", price, {"valid_from": LATER}, {"valid_from": LATER, "level": "senior"}, {}),
    Rule(
        "price_one_at_a_time",
        price,
        {"valid_from": LATER - timedelta(days=1)},
        {"valid_from": LATER},
        {"valid_until": LATER},
    ),
    Rule("client_rate_has_a_reason", rate, {"reason": ""}, {}),
    Rule("client_rate_ends_after_it_begins", rate, {"valid_until": LONG_AGO}, {"valid_until": LATER}),
    Rule("client_rate_one_at_a_time", rate, {}, {"valid_from": LATER}, {"valid_until": LATER}),
    Rule("policy_version_once", policy, {"version": 1}, {"version": 3}),
    Rule("policy_version_counts_from_one", policy, {"version": 0}, {}),
    Rule(
        "policy_deposit_fits_what_is_due_now",
        policy,
        {"due_now": "sum"},
        {"due_now": "sum", "deposit_cents": 5_000, "balance_days_before": 7},
    ),
    Rule(
        "policy_deposit_fits_what_is_due_now",
        policy,
        {"due_now": "share", "deposit_share_basis_points": 10_000, "balance_days_before": 7},
        {"due_now": "share", "deposit_share_basis_points": 9_999, "balance_days_before": 0},
    ),
    Rule("policy_deposit_fits_what_is_due_now", policy, {"deposit_cents": 1}, {"due_now": "nothing"}),
    Rule("policy_tier_once", tier, {}, {"hours_before": 48}, {}),
    Rule("policy_tier_hours", tier, {"hours_before": 4_321}, {"hours_before": 4_320}),
    Rule("policy_tier_share", tier, {"fee_share_basis_points": 10_001}, {"fee_share_basis_points": 10_000}),
    Rule("policy_tier_share", tier, {"fee_share_basis_points": 0}, {"fee_share_basis_points": 1}),
    Rule("booking_terms_add_up", terms, {"later_cents": 721}, {}),
    Rule(
        "booking_terms_balance_is_dated",
        terms,
        {"due_now_cents": 900, "later_cents": 0, "balance_on": LATER},
        {"balance_on": LATER},
    ),
    Rule("booking_terms_name_the_words", terms, {"policy_version": ""}, {}),
    Rule("booking_terms_currency", terms, {"currency": "USD"}, {"currency": "cad"}),
    Rule("attempt_purpose", attempt, {"purpose": "gift"}, {}),
    Rule("attempt_is_for_money", attempt, {"amount_cents": 0}, {"amount_cents": 1}),
    Rule("attempt_currency", attempt, {"currency": "us"}, {}),
    Rule("attempt_refund_names_the_payment", attempt, {"purpose": "refund"}, {}),
    Rule("attempt_settled_has_a_time", attempt, {"settled_at": NOW}, {}),
    Rule("attempt_one_live_page_for_a_purpose", attempt, {"purpose": "balance"}, {}),
    Rule("attempt_one_live_refund_of_a_payment", refund, {}, {"refund_of": None, "purpose": "deposit"}, {}),
    Rule("ledger_sign_fits_the_kind", line, {"amount_cents": 1}, {}),
    Rule("ledger_sign_fits_the_kind", paid, {"amount_cents": -1}, {}),
    Rule("ledger_sign_fits_the_kind", line, {"kind": "adjustment", "amount_cents": 0, "note": "why"}, {}),
    Rule("ledger_sign_fits_the_kind", line, {"kind": "tip"}, {}),
    Rule("ledger_currency", line, {"currency": ""}, {}),
    Rule("ledger_money_names_its_source", paid, {"stripe_ref": ""}, {"stripe_ref": "", "note": "cash"}),
    Rule(
        "ledger_waiver_has_a_reason",
        line,
        {"kind": "waiver", "amount_cents": 1},
        {"kind": "waiver", "amount_cents": 1, "note": "ill"},
    ),
    Rule("ledger_stripe_object_once", paid, {}, {"stripe_ref": "pi_2"}, {}),
    Rule("ledger_booking_charged_once", line, {}, {"kind": "fee"}, {}),
    Rule("stripe_event_has_an_id", event, {"event_id": ""}, {}),
    Rule("event_id", event, {}, {"event_id": "evt_2"}, {}),
    Rule(
        "stripe_event_processed_has_an_outcome",
        event,
        {"outcome": "recorded"},
        {"outcome": "recorded", "processed_at": NOW},
    ),
    Rule("stripe_customer_has_an_id", customer, {"customer_id": ""}, {}),
    Rule("package_has_sessions", package, {"sessions": 0}, {"sessions": 1}),
    Rule("package_is_not_overdrawn", package, {"sessions_used": 6}, {"sessions_used": 5}),
    Rule(
        "package_expires_after_it_was_bought",
        package,
        {"expires_on": date(2026, 12, 31)},
        {"expires_on": date(2027, 1, 1)},
    ),
    Rule("package_currency", package, {"currency": "$"}, {}),
    Rule("package_draw_once", draw, {}, {"returned_at": NOW}, {}),
    Rule(
        "package_draw_returns_after_it_was_drawn",
        draw,
        {"returned_at": NOW - timedelta(seconds=1)},
        {"returned_at": NOW},
    ),
]
IDS = [f"{rule.name}-{n}" for n, rule in enumerate(RULES)]


def save_raw(row: models.Model) -> None:
    """Insert a row without the ORM: no default, no validation, no signal."""
    fields = [field for field in row._meta.local_concrete_fields if field.column != "id"]
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{row._meta.db_table}" ({names}) VALUES ({marks})', values)


def save_orm(row: models.Model) -> None:
    row.save(force_insert=True)


@pytest.mark.parametrize("save", [save_orm, save_raw])
@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_bad_row_is_refused_by_its_constraint(rule, save, world):
    if rule.first is not None:
        save_orm(rule.make(world, **rule.first))
    with pytest.raises(IntegrityError, match=rule.name), transaction.atomic():
        save(rule.make(world, **rule.bad))


@pytest.mark.parametrize("save", [save_orm, save_raw])
@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_its_good_neighbor_is_taken(rule, save, world):
    if rule.first is not None:
        save_orm(rule.make(world, **rule.first))
    save(rule.make(world, **rule.good))


def test_every_constraint_of_billing_is_in_the_table_or_tested_below():
    names = {one.name for model in (Price, ClientRate, Policy, PolicyTier, BookingTerms, PaymentAttempt, LedgerEntry)
             for one in model._meta.constraints}  # fmt: skip
    names |= {
        one.name for model in (StripeEvent, StripeCustomer, Package, PackageDraw) for one in model._meta.constraints
    }
    assert names - {rule.name for rule in RULES} == TESTED_BELOW


TESTED_BELOW = {
    "attempt_status",  # the trigger refuses it first
    "attempt_open_page_has_an_address_and_an_end",
    "attempt_session_once",
    "attempt_intent_once",
    "attempt_refund_once",
    "ledger_appointment_charged_once",
}


def by_orm(row: models.Model, **fields: Any) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**fields)


def by_sql(row: models.Model, **fields: Any) -> None:
    sets = ", ".join(f'"{name}" = %s' for name in fields)
    with connection.cursor() as cursor:
        key = row._meta.pk.column
        cursor.execute(f'UPDATE "{row._meta.db_table}" SET {sets} WHERE {key} = %s', [*fields.values(), row.pk])


EITHER_WAY = pytest.mark.parametrize("change", [by_orm, by_sql])


@EITHER_WAY
@pytest.mark.parametrize("field", ["stripe_session_id", "stripe_intent_id"])
def test_one_session_and_one_payment_belong_to_one_attempt(field, change, world):
    an_attempt(world.booking, **{field: "same"})
    with pytest.raises(IntegrityError, match=f"attempt_{field.split('_')[1]}_once"), transaction.atomic():
        change(world.payment, **{field: "same"})
    change(world.payment, **{field: "other"})


@EITHER_WAY
def test_one_refund_belongs_to_one_attempt(change, world):
    other = an_attempt(world.booking)
    first = an_attempt(world.booking, purpose="refund", refund_of=world.payment, stripe_refund_id="re_1")
    second = an_attempt(world.booking, purpose="refund", refund_of=other)
    with pytest.raises(IntegrityError, match="attempt_refund_once"), transaction.atomic():
        change(second, stripe_refund_id=first.stripe_refund_id)
    change(second, stripe_refund_id="re_2")


@EITHER_WAY
def test_an_open_page_has_an_address_and_an_end(change, world):
    opened = {"status": "open", "stripe_session_id": "cs_1", "url": "https://pay.example/1", "expires_at": NOW}
    for missing, nothing in (("stripe_session_id", ""), ("url", ""), ("expires_at", None)):
        with (
            pytest.raises(IntegrityError, match="attempt_open_page_has_an_address_and_an_end"),
            transaction.atomic(),
        ):
            change(world.payment, **opened | {missing: nothing})
    change(world.payment, **opened)


def test_an_appointment_is_charged_once(world):
    save_orm(line(world, appointment=world.appointment))
    for save in (save_orm, save_raw):
        with pytest.raises(IntegrityError, match="ledger_appointment_charged_once"), transaction.atomic():
            save(line(world, appointment=world.appointment))
    save_orm(line(world, appointment=world.appointment, kind="fee"))


@EITHER_WAY
@pytest.mark.parametrize("make", [terms, line, policy, tier])
def test_what_was_agreed_or_written_is_never_edited(make, change, world):
    row = make(world)
    row.save(force_insert=True)
    field = "hours_before" if make is tier else "version" if make is policy else "currency"
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        change(row, **{field: getattr(row, field)})


@pytest.mark.parametrize("make", [terms, line])
def test_what_was_agreed_or_written_is_never_deleted(make, world):
    row = make(world)
    row.save(force_insert=True)
    with pytest.raises(DatabaseError, match="or delete"), transaction.atomic():
        row.delete()
    with pytest.raises(DatabaseError, match="or delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{row._meta.db_table}"')


@EITHER_WAY
@pytest.mark.parametrize("path", [("open", "expired", "succeeded"), ("failed", "succeeded"), ("succeeded",)])
def test_an_attempt_moves_along_its_table(path, change, world):
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
def test_an_attempt_is_born_planned(save, world):
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        save(attempt(world, status="succeeded", settled_at=NOW))


@EITHER_WAY
@pytest.mark.parametrize("field", ["idempotency_key", "amount_cents", "parameters"])
def test_what_will_be_sent_is_never_edited(field, change, world):
    value = {"idempotency_key": "another", "amount_cents": 1, "parameters": '{"amount": 1}'}[field]
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        change(world.payment, **{field: value})


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
