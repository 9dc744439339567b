"""The parameters sent to Stripe. They hold opaque ids, and no name of a person or a service (promise 11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from .translate import TOKEN

LINE = "Appointment"


def page_parameters(
    *,
    token: UUID,
    amount_cents: int,
    currency: str,
    statement_suffix: str,
    return_url: str,
    expires_at: datetime,
    keep_card: bool,
    customer_id: str,
) -> dict[str, Any]:
    """Parameters of a hosted Checkout Session for one sum. `keep_card` saves the card for the balance.

    There is no receipt address, so that Stripe does not write to the payer.
    """
    tagged = {TOKEN: str(token)}
    intent: dict[str, Any] = {"metadata": tagged, "statement_descriptor_suffix": statement_suffix}
    parameters: dict[str, Any] = {
        "mode": "payment",
        "submit_type": "book",
        "allowed_payment_method_types": ["card"],  # a card is decided at once; a bank debit takes days (F49)
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": currency,
                    "unit_amount": amount_cents,
                    "product_data": {"name": LINE},
                },
            }
        ],
        "metadata": tagged,
        "payment_intent_data": intent,
        "success_url": return_url,
        "cancel_url": return_url,
        "expires_at": int(expires_at.timestamp()),
    }
    if keep_card:
        intent["setup_future_usage"] = "off_session"
    if customer_id:
        parameters["customer"] = customer_id
    elif keep_card:
        parameters["customer_creation"] = "always"
    return parameters


def refund_parameters(*, token: UUID, intent_id: str, amount_cents: int) -> dict[str, Any]:
    """Parameters of a refund of one payment, in part or in full."""
    return {"payment_intent": intent_id, "amount": amount_cents, "metadata": {TOKEN: str(token)}}
