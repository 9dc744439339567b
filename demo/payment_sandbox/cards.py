"""Stripe's test cards and their outcomes, and the checks of a card form.

Numbers and outcomes are those of docs.stripe.com/testing. Any other number is declined, so a real card can
never be charged or kept here.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from .objects import NO_ADDRESS, Json, build


@dataclass(frozen=True)
class Decline:
    """The bank's codes for a decline, and the message for the payer."""

    code: str
    decline_code: str | None
    message: str


GENERIC = Decline("card_declined", "generic_decline", "Your card was declined.")
FUNDS = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.")
CVC = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")
LOST = Decline("card_declined", "lost_card", "Your card was declined.")
PROCESSING = Decline(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)
NOT_A_TEST_CARD = Decline(
    "card_declined",
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test card.",
)
AUTHENTICATE = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)


@dataclass(frozen=True)
class Card:
    """Behavior of one card number, on the hosted page and off session."""

    number: str
    brand: str = "visa"
    decline: Decline | None = None
    off_session_decline: Decline | None = None
    authentication: str = "none"  # none, until_saved, always


CARDS = {
    card.number: card
    for card in (
        Card("4242424242424242"),
        Card("4000056655665556"),
        Card("5555555555554444", "mastercard"),
        Card("378282246310005", "amex"),
        Card("4000000000000002", decline=GENERIC),
        Card("4000000000009995", decline=FUNDS),
        Card("4000000000000069", decline=EXPIRED),
        Card("4000000000000127", decline=CVC),
        Card("4000000000009987", decline=LOST),
        Card("4000000000000119", decline=PROCESSING),
        Card("4000000000000341", off_session_decline=GENERIC),
        Card("4000002500003155", authentication="until_saved"),
        Card("4000002760003184", authentication="always"),
    )
}

NAMED_METHODS = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_amex": "378282246310005",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_authenticationRequired": "4000002760003184",
}


def behavior(number: str) -> Card:
    """Behavior of a card number; an unknown number is always declined."""
    return CARDS.get(number) or Card(number, decline=NOT_A_TEST_CARD)


def luhn(number: str) -> bool:
    """True if the check digit of a card number is right (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def parse_expiry(typed: str) -> tuple[int, int] | None:
    """``MM/YY``, ``MM / YYYY`` or ``MMYY`` as (year, month), or None."""
    match = re.fullmatch(r"\s*(0?[1-9]|1[0-2])\s*[/-]?\s*(20\d\d|\d\d)\s*", typed, re.ASCII)
    return (2000 + int(match[2]) % 100, int(match[1])) if match else None


def expired(year_month: tuple[int, int], now: int) -> bool:
    """True if the card's month of expiry has ended, in UTC. ``now`` is in seconds since the epoch."""
    today = datetime.fromtimestamp(now, UTC)
    return year_month < (today.year, today.month)


def payment_method(
    card: Card, now: int, year_month: tuple[int, int], name: str | None, postal_code: str | None
) -> Json:
    """Build a PaymentMethod object for a card. It does not contain the number, which is stored as private data."""
    address = NO_ADDRESS | {"postal_code": postal_code, "country": "US" if postal_code else None}
    billing = {"address": address, "email": None, "name": name, "phone": None, "tax_id": None}
    return build(
        "payment_method",
        now,
        allow_redisplay="limited",
        billing_details=billing,
        card=_card(card, year_month, bool(postal_code)),
        metadata={},
    )


def _card(card: Card, year_month: tuple[int, int], has_postal_code: bool) -> Json:
    checks = {
        "address_line1_check": None,
        "address_postal_code_check": "pass" if has_postal_code else None,
        "cvc_check": "fail" if card.decline is CVC else "pass",
    }
    return {
        "brand": card.brand,
        "checks": checks,
        "country": "US",
        "display_brand": card.brand,
        "exp_month": year_month[1],
        "exp_year": year_month[0],
        "fingerprint": hashlib.sha256(card.number.encode()).hexdigest()[:16],
        "funding": "credit",
        "generated_from": None,
        "last4": card.number[-4:],
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
