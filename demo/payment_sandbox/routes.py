"""The supported API calls: method, path, parameters, handler."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import stripe.params as p
from stripe.params import checkout as session_params

from . import charges, checkout, customers, events, payments, refunds
from .money import refuse_unsupported
from .objects import Json
from .sandbox import Call
from .spec import Fields, fields_of

LISTED = frozenset({"created", "ending_before", "limit", "starting_after"})
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Route:
    """One call of Stripe's API. ``fields`` are Stripe's parameters, ``supported`` those the sandbox implements."""

    method: str
    path: str
    handler: Callable[[Call], Json]
    fields: Fields
    supported: frozenset[str]
    pattern: re.Pattern[str]

    @property
    def name(self) -> str:
        """``METHOD /path``, with ids written as ``{id}``."""
        return f"{self.method} {self.path}"

    def refuse_unsupported(self, params: Json) -> None:
        """Raise ApiError 400 for an unsupported parameter, which would otherwise be ignored silently."""
        refuse_unsupported(params, self.supported)


def _route(
    method: str, path: str, handler: Callable[[Call], Json], params: type, supported: frozenset[str] = NONE
) -> Route:
    pattern = re.compile("^/v1/" + path.replace("{id}", r"([A-Za-z0-9_]{1,255})") + "$")
    return Route(method, "/v1/" + path, handler, fields_of(params), supported, pattern)


ROUTES = (
    _route("POST", "customers", customers.create, p.CustomerCreateParams, customers.SUPPORTED),
    _route("GET", "customers/{id}", customers.retrieve, p.CustomerRetrieveParams),
    _route("POST", "customers/{id}", customers.update, p.CustomerUpdateParams, customers.SUPPORTED),
    _route(
        "GET",
        "customers/{id}/payment_methods",
        customers.payment_methods,
        p.CustomerPaymentMethodListParams,
        LISTED | {"type"},
    ),
    _route(
        "GET",
        "payment_methods",
        customers.list_payment_methods,
        p.PaymentMethodListParams,
        LISTED | {"type", "customer"},
    ),
    _route("GET", "payment_methods/{id}", customers.retrieve_payment_method, p.PaymentMethodRetrieveParams),
    _route("POST", "payment_methods/{id}/detach", customers.detach_payment_method, p.PaymentMethodDetachParams),
    _route("POST", "checkout/sessions", checkout.create, session_params.SessionCreateParams, checkout.CREATE),
    _route(
        "GET",
        "checkout/sessions",
        checkout.list_sessions,
        session_params.SessionListParams,
        LISTED | {"payment_intent", "customer", "status"},
    ),
    _route("GET", "checkout/sessions/{id}", checkout.retrieve, session_params.SessionRetrieveParams),
    _route("POST", "checkout/sessions/{id}/expire", checkout.expire, session_params.SessionExpireParams),
    _route("POST", "payment_intents", payments.create, p.PaymentIntentCreateParams, payments.CREATE),
    _route("GET", "payment_intents", payments.list_intents, p.PaymentIntentListParams, LISTED | {"customer"}),
    _route("GET", "payment_intents/{id}", payments.retrieve, p.PaymentIntentRetrieveParams),
    _route(
        "POST",
        "payment_intents/{id}/confirm",
        payments.confirm,
        p.PaymentIntentConfirmParams,
        payments.CONFIRM,
    ),
    _route("POST", "payment_intents/{id}/cancel", payments.cancel, p.PaymentIntentCancelParams, payments.CANCEL),
    _route("GET", "charges", charges.list_charges, p.ChargeListParams, LISTED | {"payment_intent", "customer"}),
    _route("GET", "charges/{id}", charges.retrieve, p.ChargeRetrieveParams),
    _route(
        "GET",
        "balance_transactions/{id}",
        charges.retrieve_balance_transaction,
        p.BalanceTransactionRetrieveParams,
    ),
    _route("POST", "refunds", refunds.create, p.RefundCreateParams, refunds.CREATE),
    _route("GET", "refunds", refunds.list_refunds, p.RefundListParams, LISTED | {"payment_intent", "charge"}),
    _route("GET", "refunds/{id}", refunds.retrieve, p.RefundRetrieveParams),
    _route("GET", "events", events.list_events, p.EventListParams, LISTED | {"type", "types"}),
    _route("GET", "events/{id}", events.retrieve, p.EventRetrieveParams),
)


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The route of a request and the ids in its path, or None."""
    for route in ROUTES:
        match = route.pattern.match(path)
        if route.method == method and match:
            return route, match.groups()
    return None
