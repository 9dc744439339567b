"""Every constraint of billing allows good rows and refuses bad ones, by ORM and by raw SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from tests.factories import NOW

from .factories import LONG_AGO, an_attempt
from .world import (
    World,
    attempt,
    by_orm,
    by_sql,
    customer,
    draw,
    event,
    line,
    package,
    paid,
    policy,
    price,
    rate,
    refund,
    save_orm,
    save_raw,
    terms,
    tier,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


class Rule(NamedTuple):
    """A constraint, a row factory, fields that break the constraint, and fields that just satisfy it.

    A row with the fields `first`, if given, is saved before.
    """

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


@pytest.mark.parametrize("save", [save_orm, save_raw])
@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_bad_row_is_refused_by_its_constraint(rule, save, world):
    if rule.first is not None:
        save_orm(rule.make(world, **rule.first))
    with pytest.raises(IntegrityError, match=rule.name), transaction.atomic():
        save(rule.make(world, **rule.bad))


@pytest.mark.parametrize("save", [save_orm, save_raw])
@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_row_that_just_satisfies_the_constraint_is_accepted(rule, save, world):
    if rule.first is not None:
        save_orm(rule.make(world, **rule.first))
    save(rule.make(world, **rule.good))


def test_every_constraint_of_billing_is_in_the_table_or_tested_below():
    models_of_billing = apps.get_app_config("billing").get_models()
    names = {constraint.name for model in models_of_billing for constraint in model._meta.constraints}
    assert names - {rule.name for rule in RULES} == TESTED_BELOW


TESTED_BELOW = {
    "attempt_status",  # the trigger refuses it first
    "attempt_open_page_has_an_address_and_an_end",
    "attempt_session_once",
    "attempt_intent_once",
    "attempt_refund_once",
    "ledger_appointment_charged_once",
}


EITHER_WAY = pytest.mark.parametrize("change", [by_orm, by_sql])


@EITHER_WAY
@pytest.mark.parametrize("field", ["stripe_session_id", "stripe_intent_id"])
def test_a_session_or_payment_id_belongs_to_one_attempt(field, change, world):
    an_attempt(world.booking, **{field: "same"})
    with pytest.raises(IntegrityError, match=f"attempt_{field.split('_')[1]}_once"), transaction.atomic():
        change(world.payment, **{field: "same"})
    change(world.payment, **{field: "other"})


@EITHER_WAY
def test_a_refund_id_belongs_to_one_attempt(change, world):
    other = an_attempt(world.booking)
    first = an_attempt(world.booking, purpose="refund", refund_of=world.payment, stripe_refund_id="re_1")
    second = an_attempt(world.booking, purpose="refund", refund_of=other)
    with pytest.raises(IntegrityError, match="attempt_refund_once"), transaction.atomic():
        change(second, stripe_refund_id=first.stripe_refund_id)
    change(second, stripe_refund_id="re_2")


@EITHER_WAY
def test_an_open_page_needs_a_session_a_url_and_an_end(change, world):
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
