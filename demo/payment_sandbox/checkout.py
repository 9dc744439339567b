"""Checkout Sessions: create, retrieve, list, expire, complete."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from . import customers, lists, payments
from .errors import ApiError, bad_parameter
from .events import emit
from .line_items import line_item, one_currency
from .money import check_amount, check_suffix, refuse_unsupported
from .objects import NO_ADDRESS, Json, build, merge_metadata
from .sandbox import Call, Sandbox

CREATE = frozenset(
    {
        "allowed_payment_method_types",
        "cancel_url",
        "client_reference_id",
        "customer",
        "customer_creation",
        "customer_email",
        "expires_at",
        "line_items",
        "locale",
        "metadata",
        "mode",
        "payment_intent_data",
        "submit_type",
        "success_url",
        "ui_mode",
    }
)
INTENT_DATA = frozenset(
    {
        "capture_method",
        "description",
        "metadata",
        "receipt_email",
        "setup_future_usage",
        "statement_descriptor_suffix",
    }
)
ECHOED = ("cancel_url", "client_reference_id", "customer_email", "locale", "submit_type", "success_url")
SHORTEST, LONGEST = 30 * 60, 24 * 3600  # seconds, docs.stripe.com/api/checkout/sessions/create#expires_at
NO_TEXT = dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance"))
NO_TAX = {"enabled": False, "liability": None, "provider": None, "status": None}
NO_EXTRAS = {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0}


def create(call: Call) -> Json:
    """POST /v1/checkout/sessions, mode ``payment``, on the hosted page.

    Raises:
        ApiError: 400 where Stripe refuses the request: no line items, a total under 50 cents, ``expires_at``
            not between 30 minutes and 24 hours ahead, a bad URL or statement suffix.
    """
    params = call.params
    _check_mode(params)
    items = [line_item(item, f"line_items[{place}]") for place, item in enumerate(params["line_items"])]
    total = sum(item["amount_total"] for item in items)
    currency = one_currency(items)
    check_amount(total, currency, "line_items")
    _check_urls(params)
    _check_intent_data(call, params.get("payment_intent_data", {}))
    session = _session(call, params, total, currency)
    call.store.add(session, {"line_items": items, "intent": params.get("payment_intent_data", {})})
    return session


def _check_mode(params: Json) -> None:
    for name in ("mode", "line_items", "success_url"):
        if not params.get(name):
            raise bad_parameter(f"Missing required param: {name}.", name, "parameter_missing")
    if params["mode"] != "payment":
        raise bad_parameter("The payment sandbox implements mode=payment only.", "mode", "sandbox_unsupported")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise bad_parameter("The payment sandbox has the hosted page only.", "ui_mode", "sandbox_unsupported")
    if params.get("allowed_payment_method_types", ["card"]) != ["card"]:
        field = "allowed_payment_method_types"
        raise bad_parameter("The payment sandbox takes cards only.", field, "sandbox_unsupported")
    if "customer" in params and "customer_email" in params:
        raise bad_parameter("You may only specify one of these parameters: customer, customer_email.", "customer_email")


def _check_urls(params: Json) -> None:
    for name in ("success_url", "cancel_url"):
        url = params.get(name)
        if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
            raise bad_parameter("Not a valid URL", name, "url_invalid")


def _check_intent_data(call: Call, data: Json) -> None:
    refuse_unsupported(data, INTENT_DATA, "payment_intent_data")
    if data.get("capture_method") == "manual":
        full = "payment_intent_data[capture_method]"
        raise bad_parameter("The payment sandbox captures at once only.", full, "sandbox_unsupported")
    prefix = call.sandbox.config.statement_prefix
    check_suffix(data.get("statement_descriptor_suffix"), prefix, "payment_intent_data[statement_descriptor_suffix]")


def _expires_at(call: Call, params: Json) -> int:
    expires_at = params.get("expires_at", call.now + LONGEST)
    if expires_at < call.now + SHORTEST:
        raise bad_parameter(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", "expires_at"
        )
    if expires_at > call.now + LONGEST:
        raise bad_parameter(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", "expires_at"
        )
    return int(expires_at)


def _session(call: Call, params: Json, total: int, currency: str) -> Json:
    customer = call.named("customer", "customer")
    email = customer["email"] if customer else params.get("customer_email")
    session = build(
        "checkout.session",
        call.now,
        amount_subtotal=total,
        amount_total=total,
        automatic_tax=dict(NO_TAX),
        currency=currency,
        custom_text=dict(NO_TEXT),
        customer=customer["id"] if customer else None,
        customer_creation=None if customer else params.get("customer_creation", "if_required"),
        customer_details=_details(email, None, None) if email else None,
        expires_at=_expires_at(call, params),
        metadata=merge_metadata({}, params.get("metadata", {})),
        payment_method_collection="if_required",
        phone_number_collection={"enabled": False},
        status="open",
        total_details=dict(NO_EXTRAS),
        ui_mode="hosted_page",
        **{name: params.get(name) for name in ECHOED},
    )
    session["url"] = f"{call.sandbox.config.public_url}/c/pay/{session['id']}"
    return session


def _details(email: str | None, name: str | None, postal_code: str | None) -> Json:
    address = NO_ADDRESS | {"postal_code": postal_code, "country": "US" if postal_code else None}
    return {
        "address": address,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def retrieve(call: Call) -> Json:
    """GET /v1/checkout/sessions/{id}. An open session past its deadline expires now."""
    return settle(call, call.target("checkout.session", "session"))


def list_sessions(call: Call) -> Json:
    """GET /v1/checkout/sessions, by ``payment_intent``, ``customer`` or ``status``."""
    expire_overdue(call)
    return lists.page(call.store, "checkout.session", "/v1/checkout/sessions", call.params)


def expire(call: Call) -> Json:
    """POST /v1/checkout/sessions/{id}/expire. Raises ApiError 400 unless the session is open."""
    session = settle(call, call.target("checkout.session", "session"))
    if session["status"] != "open":
        raise ApiError(
            400,
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f"`{session['status']}`.",
        )
    return _expire_now(call, session)


def settle(call: Call, session: Json) -> Json:
    """Expire the session if it is open and past its deadline."""
    overdue = session["status"] == "open" and session["expires_at"] <= call.now
    return _expire_now(call, session) if overdue else session


def _expire_now(call: Call, session: Json) -> Json:
    session |= {"status": "expired", "url": None}
    call.store.save(session)
    intent = call.store.find("payment_intent", session["payment_intent"])
    if intent and intent["status"] in payments.CANCELABLE:
        payments.cancel_now(call, intent, None)
    emit(call, "checkout.session.expired", session)
    return session


def expire_overdue(call: Call) -> int:
    """Expire every open session past its deadline; returns how many."""
    where = ["json_extract(body, '$.status') = 'open'", "json_extract(body, '$.expires_at') <= ?"]
    overdue = call.store.select("checkout.session", where, [call.now], "ORDER BY seq")
    for session in overdue:
        _expire_now(call, session)
    return len(overdue)


def sweep(sandbox: Sandbox) -> int:
    """Expire overdue sessions in one transaction; returns how many."""
    with sandbox.store.transaction():
        return expire_overdue(Call(sandbox))


def intent_of(call: Call, session: Json) -> Json:
    """The session's PaymentIntent, created at the first attempt to pay, as Stripe does."""
    found = call.store.find("payment_intent", session["payment_intent"])
    if found:
        return found
    data = call.store.private(session["id"])["intent"]
    params = data | {"amount": session["amount_total"], "currency": session["currency"]}
    intent = payments.new(call, params, customer=_payer(call, session, data), private={"session": session["id"]})
    session["payment_intent"] = intent["id"]
    call.store.save(session)
    return intent


def _payer(call: Call, session: Json, data: Json) -> Json | None:
    """The session's customer. Creates one if a card is to be saved or ``customer_creation`` is ``always``."""
    if session["customer"]:
        return call.store.get("customer", session["customer"])
    if session["customer_creation"] != "always" and "setup_future_usage" not in data:
        return None

    made = customers.create(Call(call.sandbox, {"email": session["customer_email"]}))
    session["customer"] = made["id"]
    return made


def complete(call: Call, session: Json, method: Json) -> Json:
    """Mark the session as complete and paid, and emit its event."""
    billing: dict[str, Any] = method["billing_details"]
    details = session["customer_details"] or {}
    session |= {
        "status": "complete",
        "payment_status": "paid",
        "url": None,
        "customer_details": _details(details.get("email"), billing["name"], billing["address"]["postal_code"]),
    }
    call.store.save(session)
    emit(call, "checkout.session.completed", session)
    return session
