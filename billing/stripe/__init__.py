"""Stripe: the only place that knows stripe-python."""

from .client import gateway
from .webhook import verify

__all__ = ["gateway", "verify"]
