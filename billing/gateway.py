"""What billing needs of a payment provider, in billing's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class GatewayUnreachable(Exception):
    """No answer, or not now. The same call with the same key may be made again."""


class GatewayBroke(GatewayUnreachable):
    """The provider failed and keeps that answer under the key: what it did is unknown, and the key is spent."""


class GatewayRefused(Exception):
    """The provider understood and said no. `code` is its word for why; repeating changes nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BadSignature(Exception):
    """A webhook that was not signed by the provider for us, or not now."""


class PageStatus(StrEnum):
    """A payment page can be paid, was left (paid or with payment under way), or cannot be paid any more."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class RefundStatus(StrEnum):
    """Money is on its way back, is back, or will not come back this way."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Payment:
    """Money received. `received_cents` is what really came in."""

    intent_id: str
    received_cents: int
    currency: str
    customer_id: str = ""
    payment_method_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A hosted payment page as it stands. `token` is our attempt's, from its metadata; `payment` once it is paid."""

    session_id: str
    status: PageStatus
    url: str
    expires_at: datetime
    token: str
    customer_id: str = ""
    payment: Payment | None = None


@dataclass(frozen=True, kw_only=True)
class Refund:
    """A refund as it stands; `token` is empty if it was not made by us."""

    refund_id: str
    intent_id: str
    status: RefundStatus
    amount_cents: int
    currency: str
    token: str = ""
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A verified webhook: a hint about an object, never the truth about it."""

    event_id: str
    type: str
    object_id: str
    intent_id: str
    token: str
    happened_at: datetime


class PaymentGateway(Protocol):
    """The provider. Every call may raise GatewayUnreachable or GatewayRefused; none is made inside a transaction."""

    def open_page(self, parameters: Mapping[str, Any], *, key: str) -> Page:
        """Make a payment page. The same key and parameters give the same page."""
        ...

    def page(self, session_id: str) -> Page:
        """A payment page as it stands."""
        ...

    def page_of(self, intent_id: str) -> Page | None:
        """The payment page on which a payment was made."""
        ...

    def expire_page(self, session_id: str) -> Page:
        """End an open page, and return it as it stands: perhaps it was paid a moment before."""
        ...

    def refund(self, parameters: Mapping[str, Any], *, key: str) -> Refund:
        """Give money back. The same key and parameters give the same refund."""
        ...

    def refunds_of(self, intent_id: str) -> Sequence[Refund]:
        """Every refund of a payment, whoever made it."""
        ...
