"""A practice with pages: the office of the API's tests, its clock, and the payment sandbox."""

import pytest
from django.test import Client

from tests.billing.conftest import payments  # noqa: F401
from tests.front.api.conftest import frozen, office  # noqa: F401


@pytest.fixture
def browser_of():
    """Another browser: a client with a session of its own that checks CSRF like a real one would not need to."""
    return Client
