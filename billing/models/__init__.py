"""What is owed and what was paid. One noun per file; every rule that a row can hold is a constraint of its table."""

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
