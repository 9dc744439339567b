"""The practice of the API's tests, and a payment sandbox over real HTTP."""

from tests.billing.conftest import payments
from tests.front.api.conftest import frozen, office

__all__ = ["frozen", "office", "payments"]
