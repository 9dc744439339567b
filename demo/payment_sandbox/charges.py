"""Charges and their balance transactions."""

from __future__ import annotations

from typing import Any

from . import lists
from .cards import Decline
from .objects import Json, build
from .sandbox import Call

FEE_SHARE, FEE_FIXED = 290, 30  # 2.9 % in hundredths of a percent, and cents: Stripe's price for US cards
SECONDS_TO_PAYOUT = 2 * 86_400


def retrieve(call: Call) -> Json:
    """GET /v1/charges/{id}"""
    return call.target("charge")


def list_charges(call: Call) -> Json:
    """GET /v1/charges, by ``payment_intent`` or ``customer``."""
    return lists.page(call.store, "charge", "/v1/charges", call.params)


def retrieve_balance_transaction(call: Call) -> Json:
    """GET /v1/balance_transactions/{id}"""
    return call.target("balance_transaction")


def record(call: Call, intent: Json, method: Json, decline: Decline | None) -> Json:
    """Store the charge of one attempt to pay: succeeded, or failed with the bank's reason."""
    charge = build("charge", call.now, **_attempt(call, intent, method), **_result(intent, decline))
    if decline is None:
        fee = (intent["amount"] * FEE_SHARE + 5_000) // 10_000 + FEE_FIXED
        charge["balance_transaction"] = balance(call, charge, intent["amount"], fee, "charge")["id"]
    return call.store.add(charge)


def _attempt(call: Call, intent: Json, method: Json) -> Json:
    suffix = intent["statement_descriptor_suffix"]
    prefix = call.sandbox.config.statement_prefix
    return {
        "amount": intent["amount"],
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": f"{prefix}* {suffix}" if suffix else prefix,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "fraud_details": {},
        "metadata": intent["metadata"],
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"type": "card", "card": _card_details(method["card"], intent["amount"])},
        "receipt_email": intent["receipt_email"],
        "statement_descriptor_suffix": suffix,
    }


def _result(intent: Json, decline: Decline | None) -> Json:
    if decline is None:
        return {
            "status": "succeeded",
            "paid": True,
            "captured": True,
            "amount_captured": intent["amount"],
            "outcome": _outcome("approved_by_network", "Payment complete.", "authorized", None),
        }
    return {
        "status": "failed",
        "paid": False,
        "captured": False,
        "amount_captured": 0,
        "failure_code": decline.code,
        "failure_message": decline.message,
        "outcome": _outcome(
            "declined_by_network", "The bank did not approve this payment.", "issuer_declined", decline.decline_code
        ),
    }


def _outcome(network: str, message: str, outcome_type: str, reason: str | None) -> Json:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": network,
        "reason": reason,
        "seller_message": message,
        "type": outcome_type,
    }


def _card_details(card: Json, amount: int) -> Json:
    shared = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    nothing = (
        "authorization_code",
        "installments",
        "mandate",
        "network_transaction_id",
        "three_d_secure",
        "transaction_link_id",
        "wallet",
    )
    unavailable: dict[str, Any] = {"status": "unavailable"}
    return {
        **{name: card[name] for name in shared},
        **dict.fromkeys(nothing),
        "amount_authorized": amount,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": unavailable,
        "multicapture": unavailable,
        "network": card["brand"],
        "network_token": {"used": False},
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "regulated_status": card["regulated_status"],
    }


def balance(call: Call, source: Json, amount: int, fee: int, kind: str) -> Json:
    """Store the balance transaction of a charge or, with a negative amount, of a refund. Amounts are in cents."""
    detail = {
        "amount": fee,
        "application": None,
        "currency": source["currency"],
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }
    transaction = build(
        "balance_transaction",
        call.now,
        amount=amount,
        available_on=call.now + SECONDS_TO_PAYOUT,
        currency=source["currency"],
        fee=fee,
        fee_details=[detail] if fee else [],
        net=amount - fee,
        reporting_category=kind,
        source=source["id"],
        status="pending",
        type=kind,
    )
    return call.store.add(transaction)
