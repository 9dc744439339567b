"""Build Stripe objects from Stripe's published fixtures (``fixtures/stripe.json``, MIT)."""

from __future__ import annotations

import copy
import json
import secrets
import string
from pathlib import Path
from typing import Any, get_args

import stripe
from stripe import checkout

Json = dict[str, Any]

FIXTURES: dict[str, Json] = json.loads(
    (Path(__file__).parent / "fixtures" / "stripe.json").read_text(encoding="utf-8")
)["resources"]

CLASSES: dict[str, type] = {
    "balance_transaction": stripe.BalanceTransaction,
    "charge": stripe.Charge,
    "checkout.session": checkout.Session,
    "customer": stripe.Customer,
    "event": stripe.Event,
    "payment_intent": stripe.PaymentIntent,
    "payment_method": stripe.PaymentMethod,
    "refund": stripe.Refund,
}

PREFIXES = {
    "balance_transaction": "txn_",
    "charge": "ch_",
    "checkout.session": "cs_test_",
    "customer": "cus_",
    "event": "evt_",
    "item": "li_",
    "payment_intent": "pi_",
    "payment_method": "pm_",
    "refund": "re_",
}

# Fields of the fixture that Stripe sends only on request (``expand``), or never for cards.
ON_REQUEST = {"charge": frozenset({"refunds", "source"}), "payment_intent": frozenset({"source"})}

NO_ADDRESS: Json = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
ALPHABET = string.ascii_letters + string.digits


def new_id(kind: str) -> str:
    """A random id with Stripe's prefix. Ids of sessions are long because they are the address of a page."""
    length = 58 if kind == "checkout.session" else 24
    return PREFIXES[kind] + "".join(secrets.choice(ALPHABET) for _ in range(length))


def kind_of(object_id: str) -> str | None:
    """The kind of object with this prefix of ids, or None."""
    return next((kind for kind, prefix in PREFIXES.items() if object_id.startswith(prefix)), None)


def nullable(kind: str, name: str) -> bool:
    """True if stripe-python's types allow null for this field."""
    return type(None) in get_args(CLASSES[kind].__annotations__.get(name))


def _blank(kind: str) -> Json:
    """The fixture, with null for every field whose type in stripe-python allows it."""
    fixture = FIXTURES[kind]
    kept = fixture.keys() - ON_REQUEST.get(kind, frozenset())
    return {name: None if nullable(kind, name) else fixture[name] for name in fixture if name in kept}


BLANKS = {kind: _blank(kind) for kind in CLASSES}


def build(kind: str, created: int, **values: Any) -> Json:
    """Build a new object with an id. Raises KeyError for a field that Stripe's object does not have."""
    unknown = values.keys() - BLANKS[kind].keys()
    if unknown:
        raise KeyError(f"{kind} has no {sorted(unknown)}")
    start = {"id": new_id(kind), "created": created}
    return copy.deepcopy(BLANKS[kind]) | start | values


def merge_metadata(old: Json | None, change: Json | None) -> Json:
    """Apply Stripe's rule: given keys are set, an empty value unsets its key, an empty hash unsets all."""
    if change is None:
        return {}
    return {key: text for key, text in ((old or {}) | change).items() if text != ""}
