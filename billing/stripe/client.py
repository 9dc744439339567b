"""Calls to Stripe with timeouts and bounded retries. Each call that creates an object has an idempotency key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, cast

import stripe
from django.conf import settings
from stripe import StripeClient

from billing.gateway import GatewayBroke, GatewayRefused, GatewayUnreachable, Page, PageStatus, PaymentGateway, Refund

from .translate import page_from, refund_from

TIMEOUT_SECONDS = (3.05, 20.0)  # to connect, to answer
RETRIES = 2
_PAID = ["payment_intent"]


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Raise billing's errors. No answer, 409, 429 and 5xx may pass on a retry; any other error is a refusal."""
    try:
        yield
    except stripe.APIConnectionError as error:
        raise GatewayUnreachable("no answer") from error
    except stripe.StripeError as error:
        status = error.http_status or 0
        if status in (409, 429):
            raise GatewayUnreachable(f"status_{status}") from error
        if status >= 500:
            raise GatewayBroke(f"status_{status}") from error
        raise GatewayRefused(error.code or f"status_{status}") from error


class StripeGateway:
    """A `PaymentGateway` that calls Stripe."""

    def __init__(self, client: StripeClient) -> None:
        self._client = client

    def open_page(self, parameters: Mapping[str, Any], *, key: str) -> Page:
        """Create a hosted Checkout Session."""
        with _translated_errors():
            made = self._client.v1.checkout.sessions.create(cast(Any, dict(parameters)), {"idempotency_key": key})
        return page_from(made)

    def page(self, session_id: str) -> Page:
        """Retrieve a Checkout Session with its PaymentIntent."""
        with _translated_errors():
            return page_from(self._client.v1.checkout.sessions.retrieve(session_id, {"expand": _PAID}))

    def page_of(self, intent_id: str) -> Page | None:
        """Find the Checkout Session of a PaymentIntent."""
        with _translated_errors():
            found = self._client.v1.checkout.sessions.list({"payment_intent": intent_id, "limit": 1}).data
        return self.page(found[0].id) if found else None

    def expire_page(self, session_id: str) -> Page:
        """Expire a Checkout Session, or return it as it is: Stripe refuses to expire one that is not open."""
        try:
            with _translated_errors():
                self._client.v1.checkout.sessions.expire(session_id)
        except GatewayRefused:
            page = self.page(session_id)
            if page.status == PageStatus.OPEN:
                raise
            return page
        return self.page(session_id)

    def refund(self, parameters: Mapping[str, Any], *, key: str) -> Refund:
        """Create a Refund."""
        with _translated_errors():
            made = self._client.v1.refunds.create(cast(Any, dict(parameters)), {"idempotency_key": key})
        return refund_from(made)

    def refunds_of(self, intent_id: str) -> Sequence[Refund]:
        """List the Refunds of a PaymentIntent."""
        with _translated_errors():
            listed = self._client.v1.refunds.list({"payment_intent": intent_id, "limit": 100})
            return [refund_from(refund) for refund in listed.auto_paging_iter()]


@lru_cache(maxsize=4)
def _gateway(key: str, api_base: str) -> StripeGateway:
    client = StripeClient(
        key,
        base_addresses={"api": api_base} if api_base else None,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        max_network_retries=RETRIES,
    )
    return StripeGateway(client)


def gateway() -> PaymentGateway:
    """The gateway for STRIPE_API_BASE: Stripe, or a sandbox with the same protocol."""
    return _gateway(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE.rstrip("/"))
