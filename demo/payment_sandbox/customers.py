"""Customers and the payment methods saved on them."""

from __future__ import annotations

from typing import Any

from . import lists
from .errors import bad_parameter
from .objects import NO_ADDRESS, Json, build, merge_metadata
from .sandbox import Call

SETTABLE = ("description", "email", "name", "phone", "preferred_locales", "tax_exempt")
SUPPORTED = frozenset({*SETTABLE, "address", "metadata"})
INVOICE_SETTINGS: Json = {
    "custom_fields": None,
    "default_payment_method": None,
    "footer": None,
    "rendering_options": None,
}
LONGEST_EMAIL = 512


def create(call: Call) -> Json:
    """POST /v1/customers"""
    customer = build(
        "customer",
        call.now,
        balance=0,
        delinquent=False,
        invoice_prefix=None,
        invoice_settings=dict(INVOICE_SETTINGS),
        metadata={},
        next_invoice_sequence=1,
        preferred_locales=[],
    )
    return call.store.add(customer | _changes(call.params, customer))


def retrieve(call: Call) -> Json:
    """GET /v1/customers/{id}"""
    return call.target("customer")


def update(call: Call) -> Json:
    """POST /v1/customers/{id}. Changes the given fields only; an empty value unsets a field."""
    customer = call.target("customer")
    return call.store.save(customer | _changes(call.params, customer))


def _changes(params: Json, customer: Json) -> Json:
    found: dict[str, Any] = {name: params[name] for name in SETTABLE if name in params}
    email = found.get("email")
    if email is not None and ("@" not in email or len(email) > LONGEST_EMAIL):
        raise bad_parameter(f"Invalid email address: {email}", "email", "email_invalid")
    if "address" in params:
        found["address"] = None if params["address"] is None else NO_ADDRESS | params["address"]
    if "metadata" in params:
        found["metadata"] = merge_metadata(customer["metadata"], params["metadata"])
    return found


def payment_methods(call: Call) -> Json:
    """GET /v1/customers/{id}/payment_methods"""
    customer = call.target("customer", "customer")
    url = f"/v1/customers/{customer['id']}/payment_methods"
    return lists.page(call.store, "payment_method", url, call.params, customer=customer["id"])


def list_payment_methods(call: Call) -> Json:
    """GET /v1/payment_methods?customer="""
    call.named("customer", "customer")
    if "customer" not in call.params:
        raise bad_parameter("Missing required param: customer.", "customer", "parameter_missing")
    return lists.page(call.store, "payment_method", "/v1/payment_methods", call.params)


def retrieve_payment_method(call: Call) -> Json:
    """GET /v1/payment_methods/{id}"""
    return call.target("payment_method", "payment_method")


def detach_payment_method(call: Call) -> Json:
    """POST /v1/payment_methods/{id}/detach. A detached method can never be charged or attached again."""
    method = call.target("payment_method", "payment_method")
    if method["customer"] is None:
        raise bad_parameter(
            "The payment method you provided is not attached to a customer so detachment is impossible.", None
        )
    method["customer"] = None
    call.store.save_private(method["id"], call.store.private(method["id"]) | {"detached": True})
    return call.store.save(method)
