import pytest

from .rows import Phone


@pytest.fixture
def phone(settings):
    """Texts go to a provider of the tests' own."""
    settings.SMS_BACKEND = "tests.backend.outbox.rows.Phone"
    Phone.sent, Phone.mood = [], ""
    return Phone
