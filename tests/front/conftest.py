"""The practice of the API's tests with its clock and the payment sandbox, for pages."""

import pytest
from django.test import Client

from tests.billing.conftest import payments  # noqa: F401
from tests.front.api.conftest import frozen, office  # noqa: F401


@pytest.fixture
def browser_of():
    """Make another browser, with its own session."""
    return Client
