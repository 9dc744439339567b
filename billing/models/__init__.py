"""Prices, policies, ledger and payments. One noun per file. Every rule about a single row is a constraint."""

from .attempt import PaymentAttempt
from .ledger import LedgerEntry
from .package import Package, PackageDraw
from .policy import Policy, PolicyTier
from .price import ClientRate, Price
from .stripe_customer import StripeCustomer
from .stripe_event import StripeEvent
from .terms import BookingTerms

__all__ = [
    "BookingTerms",
    "ClientRate",
    "LedgerEntry",
    "Package",
    "PackageDraw",
    "PaymentAttempt",
    "Policy",
    "PolicyTier",
    "Price",
    "StripeCustomer",
    "StripeEvent",
]
