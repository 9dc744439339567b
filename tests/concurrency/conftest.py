"""Fixtures of the API tests and of billing, for tests with many threads."""

from tests.billing.conftest import payments
from tests.front.api.conftest import frozen, office

__all__ = ["frozen", "office", "payments"]
