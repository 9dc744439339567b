"""The Stripe gateway. No other package imports stripe-python."""

from .client import gateway
from .webhook import verify

__all__ = ["gateway", "verify"]
