"""Refunds. Together they never exceed the charge."""

from __future__ import annotations

from . import charges, lists
from .errors import ApiError, bad_parameter, missing
from .events import emit
from .money import dollars
from .objects import Json, build, merge_metadata
from .sandbox import Call

CREATE = frozenset({"amount", "charge", "metadata", "payment_intent", "reason"})


def create(call: Call) -> Json:
    """POST /v1/refunds. Refunds ``amount`` cents, or all that has not been refunded yet.

    Raises:
        ApiError: 400 ``charge_already_refunded``, or 400 if the amount is larger than the unrefunded rest.
    """
    charge = _charge(call)
    left = charge["amount"] - charge["amount_refunded"]
    if not left:
        raise ApiError(400, f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = call.params.get("amount", left)
    if amount < 1:
        raise bad_parameter("Invalid positive integer", "amount", "parameter_invalid_integer")
    if amount > left:
        whole = "charge amount" if left == charge["amount"] else "unrefunded amount on charge"
        raise ApiError(
            400, f"Refund amount ({dollars(amount)}) is greater than {whole} ({dollars(left)})", param="amount"
        )
    return _write(call, charge, amount)


def _charge(call: Call) -> Json:
    given = [name for name in ("charge", "payment_intent") if name in call.params]
    if len(given) != 1:
        raise bad_parameter(
            "One of the following params should be provided for this request: payment_intent or charge.", None
        )
    if given == ["charge"]:
        charge = call.named("charge", "charge")
    else:
        intent = call.named("payment_intent", "payment_intent")
        charge = call.store.find("charge", intent["latest_charge"]) if intent else None
    if charge is None or not charge["captured"]:
        raise ApiError(
            400,
            f"This {given[0]} ({call.params[given[0]]}) does not have a successful charge to refund.",
            param=given[0],
        )
    return charge


def _write(call: Call, charge: Json, amount: int) -> Json:
    refund = build(
        "refund",
        call.now,
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        customer=charge["customer"],
        destination_details={"card": {"type": "refund"}, "type": "card"},
        metadata=merge_metadata({}, call.params.get("metadata", {})),
        payment_intent=charge["payment_intent"],
        payment_method=charge["payment_method"],
        reason=call.params.get("reason"),
        status="succeeded",
    )
    refund["balance_transaction"] = charges.balance(call, refund, -amount, 0, "refund")["id"]
    call.store.add(refund)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    call.store.save(charge)
    emit(call, "refund.created", refund)
    emit(call, "charge.refunded", charge)
    emit(call, "refund.updated", refund)
    return refund


def retrieve(call: Call) -> Json:
    """GET /v1/refunds/{id}"""
    return call.target("refund")


def list_refunds(call: Call) -> Json:
    """GET /v1/refunds, by ``charge`` or ``payment_intent``."""
    for name in ("charge", "payment_intent"):
        if name in call.params and call.store.find(name, call.params[name]) is None:
            raise missing(name, call.params[name], name, status=400)
    return lists.page(call.store, "refund", "/v1/refunds", call.params)
