"""Interface of the payment provider. It uses none of the provider's own types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class GatewayUnreachable(Exception):
    """The provider did not answer or asks for a later retry. The same call with the same key may be repeated."""


class GatewayBroke(GatewayUnreachable):
    """The provider failed and keeps that answer under the key. Its effect is unknown, and the key cannot be reused."""


class GatewayRefused(Exception):
    """The provider refused the call. `code` is its error code; a retry gets the same answer."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BadSignature(Exception):
    """The webhook was not signed with our secret, was signed at another time, or cannot be read."""


class PageStatus(StrEnum):
    """Status of a payment page: can be paid, was submitted (paid or payment pending), or can no longer be paid."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class RefundStatus(StrEnum):
    """Status of a refund: under way, done, or failed."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Payment:
    """A received payment. `received_cents` is the amount that arrived, which may differ from the amount asked."""

    intent_id: str
    received_cents: int
    currency: str
    customer_id: str = ""
    payment_method_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Current state of a hosted payment page. `token` is that of our attempt; `payment` is set once it is paid."""

    session_id: str
    status: PageStatus
    url: str
    expires_at: datetime
    token: str
    customer_id: str = ""
    payment: Payment | None = None


@dataclass(frozen=True, kw_only=True)
class Refund:
    """Current state of a refund. `token` is empty if the refund was not made by Mooring."""

    refund_id: str
    intent_id: str
    status: RefundStatus
    amount_cents: int
    currency: str
    token: str = ""
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A verified webhook. It says which object changed; read the object's state from the provider."""

    event_id: str
    type: str
    object_id: str
    intent_id: str
    token: str
    happened_at: datetime


class PaymentGateway(Protocol):
    """A payment provider. Every call may raise GatewayUnreachable or GatewayRefused. Call it outside transactions."""

    def open_page(self, parameters: Mapping[str, Any], *, key: str) -> Page:
        """Create a payment page. The same key and parameters return the same page."""
        ...

    def page(self, session_id: str) -> Page:
        """Retrieve the current state of a payment page."""
        ...

    def page_of(self, intent_id: str) -> Page | None:
        """Find the payment page of a payment; None if the payment was not made on one."""
        ...

    def expire_page(self, session_id: str) -> Page:
        """Expire a page if it is open. Returns its current state, because it may just have been paid."""
        ...

    def refund(self, parameters: Mapping[str, Any], *, key: str) -> Refund:
        """Create a refund. The same key and parameters return the same refund."""
        ...

    def refunds_of(self, intent_id: str) -> Sequence[Refund]:
        """List all refunds of a payment, including those made in the provider's dashboard."""
        ...
