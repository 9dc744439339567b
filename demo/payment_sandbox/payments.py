"""PaymentIntents: create, charge, authenticate, cancel."""

from __future__ import annotations

import secrets
from typing import Any

from . import cards, charges, lists
from .cards import Decline
from .errors import ApiError, bad_parameter, missing
from .events import emit
from .intent_errors import declined, error_body, refuse_of_session, unexpected
from .money import check_amount, check_suffix
from .objects import Json, build, merge_metadata
from .sandbox import Call

CREATE = frozenset(
    {
        "amount",
        "automatic_payment_methods",
        "capture_method",
        "confirm",
        "currency",
        "customer",
        "description",
        "metadata",
        "off_session",
        "payment_method",
        "payment_method_types",
        "receipt_email",
        "return_url",
        "setup_future_usage",
        "statement_descriptor_suffix",
    }
)
CONFIRM = frozenset({"payment_method", "off_session", "return_url"})
CANCEL = frozenset({"cancellation_reason"})
CANCELABLE = (
    "requires_payment_method",
    "requires_capture",
    "requires_confirmation",
    "requires_action",
    "processing",
)
CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")


def create(call: Call) -> Json:
    """POST /v1/payment_intents. With ``confirm`` it is charged in the same call (402 if declined)."""
    params = call.params
    check_amount(params["amount"], params["currency"])
    check_suffix(
        params.get("statement_descriptor_suffix"),
        call.sandbox.config.statement_prefix,
        "statement_descriptor_suffix",
    )
    if params.get("off_session") and not params.get("confirm"):
        raise bad_parameter("The parameter off_session may only be used with confirm=true.", "off_session")
    if params.get("capture_method", "automatic") == "manual":
        raise bad_parameter("The payment sandbox captures at once only.", "capture_method", "sandbox_unsupported")
    intent = new(call, params, customer=call.named("customer", "customer"))
    if "payment_method" in params:
        intent["payment_method"] = _usable_method(call, intent, params["payment_method"])["id"]
        intent["status"] = "requires_confirmation"
        call.store.save(intent)
    return _confirm(call, intent) if params.get("confirm") else intent


def new(call: Call, params: Json, *, customer: Json | None, private: Json | None = None) -> Json:
    """Store a new intent with status ``requires_payment_method`` and emit its event."""
    automatic = params.get("automatic_payment_methods")
    named = ("description", "receipt_email", "setup_future_usage", "statement_descriptor_suffix")
    intent = build(
        "payment_intent",
        call.now,
        amount=params["amount"],
        amount_details={"tip": {}},
        automatic_payment_methods={"enabled": automatic["enabled"]} if automatic else None,
        capture_method="automatic_async",
        currency=params["currency"].lower(),
        customer=customer["id"] if customer else None,
        metadata=merge_metadata({}, params.get("metadata", {})),
        **{name: params.get(name) for name in named},
    )
    intent["client_secret"] = f"{intent['id']}_secret_{secrets.token_urlsafe(18)}"
    call.store.add(intent, private)
    emit(call, "payment_intent.created", intent)
    return intent


def retrieve(call: Call) -> Json:
    """GET /v1/payment_intents/{id}"""
    return call.target("payment_intent", "intent")


def list_intents(call: Call) -> Json:
    """GET /v1/payment_intents"""
    return lists.page(call.store, "payment_intent", "/v1/payment_intents", call.params)


def confirm(call: Call) -> Json:
    """POST /v1/payment_intents/{id}/confirm. Raises ApiError 402 if the card is declined."""
    return _confirm(call, call.target("payment_intent", "intent"))


def _confirm(call: Call, intent: Json) -> Json:
    if intent["status"] not in CONFIRMABLE:
        raise unexpected(intent, "confirm", CONFIRMABLE)
    refuse_of_session(call, intent, "confirm")
    method_id = call.params.get("payment_method") or intent["payment_method"]
    if method_id is None:
        raise ApiError(
            400,
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state",
            payment_intent=intent,
        )
    method = _usable_method(call, intent, method_id)
    decline = attempt(call, intent, method, off_session=bool(call.params.get("off_session")))
    if decline:
        raise declined(intent, decline)
    return intent


def _usable_method(call: Call, intent: Json, method_id: str) -> Json:
    if method_id in cards.NAMED_METHODS:
        return keep_method(call, cards.NAMED_METHODS[method_id], (2034, 12), "Test Card", None)
    method = call.store.find("payment_method", method_id)
    if method is None:
        raise missing("PaymentMethod", method_id, "payment_method", status=400)
    private = call.store.private(method_id)
    if private.get("detached") or (private.get("used") and not method["customer"]):
        raise ApiError(
            400,
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment or was "
            "detached from a Customer, and may not be used again.",
            param="payment_method",
        )
    if method["customer"] and method["customer"] != intent["customer"]:
        raise ApiError(
            400,
            f"The provided PaymentMethod ({method_id}) belongs to a Customer; supply that Customer as well.",
            param="customer",
        )
    return method


def keep_method(
    call: Call, number: str, year_month: tuple[int, int], name: str | None, postal_code: str | None
) -> Json:
    """Store a new payment method for a card number."""
    made = cards.payment_method(cards.behavior(number), call.now, year_month, name, postal_code)
    return call.store.add(made, {"number": number})


def attempt(
    call: Call, intent: Json, method: Json, *, off_session: bool, authenticated: bool = False
) -> Decline | None:
    """Try to charge once; returns the decline, or None.

    Afterwards the intent is succeeded, requires_action or requires_payment_method, and its events are stored.
    """
    private = call.store.private(method["id"])
    card = cards.behavior(private["number"])
    saved = card.authentication == "until_saved" and bool(private.get("saved"))
    if card.authentication != "none" and not (authenticated or saved):
        if not off_session:
            require_action(call, intent, method)
            return None
        return fail(call, intent, method, cards.AUTHENTICATE)
    decline = card.off_session_decline if off_session else card.decline
    if cards.expired((method["card"]["exp_year"], method["card"]["exp_month"]), call.now):
        decline = decline or cards.EXPIRED
    if decline:
        return fail(call, intent, method, decline)
    _succeed(call, intent, method, private)
    return None


def _succeed(call: Call, intent: Json, method: Json, private: Json) -> None:
    saved = intent["setup_future_usage"] is not None and intent["customer"] is not None
    call.store.save_private(method["id"], private | {"used": True, "saved": saved or private.get("saved")})
    if saved:
        method["customer"] = intent["customer"]
        call.store.save(method)
    charge = charges.record(call, intent, method, None)
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": charge["id"],
        "payment_method": method["id"],
        "last_payment_error": None,
        "next_action": None,
    }
    call.store.save(intent)
    emit(call, "charge.succeeded", charge)
    emit(call, "payment_intent.succeeded", intent)


def fail(call: Call, intent: Json, method: Json, decline: Decline) -> Decline:
    """Record a declined attempt: a failed charge, the reason on the intent, both events."""
    charge = charges.record(call, intent, method, decline)
    intent["latest_charge"] = charge["id"]
    emit(call, "charge.failed", charge)
    return turn_back(call, intent, method, decline, charge=charge["id"])


def turn_back(call: Call, intent: Json, method: Json, decline: Decline, **extra: Any) -> Decline:
    """Return the intent to ``requires_payment_method``, with the decline as ``last_payment_error``."""
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "next_action": None,
        "last_payment_error": error_body(decline) | {"payment_method": method} | extra,
    }
    call.store.save(intent)
    emit(call, "payment_intent.payment_failed", intent)
    return decline


def require_action(call: Call, intent: Json, method: Json) -> None:
    """Set the intent to ``requires_action``, with a redirect to the bank's page."""
    url = f"{call.sandbox.config.public_url}/c/authenticate/{intent['id']}"
    redirect = {"return_url": call.params.get("return_url"), "url": url}
    intent |= {
        "status": "requires_action",
        "payment_method": method["id"],
        "next_action": {"type": "redirect_to_url", "redirect_to_url": redirect},
    }
    call.store.save(intent)
    emit(call, "payment_intent.requires_action", intent)


def cancel(call: Call) -> Json:
    """POST /v1/payment_intents/{id}/cancel. Refused for the intent of a Checkout Session."""
    intent = call.target("payment_intent", "intent")
    if intent["status"] not in CANCELABLE:
        raise unexpected(intent, "cancel", CANCELABLE)
    refuse_of_session(call, intent, "cancel")
    return cancel_now(call, intent, call.params.get("cancellation_reason"))


def cancel_now(call: Call, intent: Json, reason: str | None) -> Json:
    """Cancel an intent that has taken no money."""
    intent |= {"status": "canceled", "canceled_at": call.now, "cancellation_reason": reason, "next_action": None}
    call.store.save(intent)
    emit(call, "payment_intent.canceled", intent)
    return intent
