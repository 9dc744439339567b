"""Errors of PaymentIntents."""

from __future__ import annotations

from .cards import Decline
from .errors import ApiError
from .objects import Json
from .sandbox import Call


def refuse_of_session(call: Call, intent: Json, verb: str) -> None:
    """Raise ApiError 400 if a Checkout Session owns the intent, because only the hosted page may change it."""
    if call.store.private(intent["id"]).get("session"):
        raise ApiError(
            400,
            f"You cannot {verb} the PaymentIntent of a Checkout Session. Expire the Checkout Session instead.",
            code="payment_intent_unexpected_state",
            payment_intent=intent,
        )


def unexpected(intent: Json, verb: str, allowed: tuple[str, ...]) -> ApiError:
    """A 400 for a verb that the intent's status does not allow."""
    return ApiError(
        400,
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}. Only a PaymentIntent "
        f"with one of the following statuses may be {verb}ed: {', '.join(allowed)}.",
        code="payment_intent_unexpected_state",
        payment_intent=intent,
    )


def error_body(decline: Decline) -> Json:
    """A decline in the form of ``last_payment_error``."""
    body = {"type": "card_error", "code": decline.code, "message": decline.message}
    return body | ({"decline_code": decline.decline_code} if decline.decline_code else {})


def declined(intent: Json, decline: Decline) -> ApiError:
    """A 402 for a declined card. The failed charge and its events are kept."""
    error = intent["last_payment_error"]
    extra = {name: error[name] for name in ("charge", "decline_code", "payment_method") if name in error}
    return ApiError(402, decline.message, code=decline.code, keep=True, payment_intent=intent, **extra)
