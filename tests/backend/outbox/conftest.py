import pytest

from .rows import Phone


@pytest.fixture
def phone(settings):
    """Send texts to a provider in memory."""
    settings.SMS_BACKEND = "tests.backend.outbox.rows.Phone"
    Phone.sent, Phone.mood = [], ""
    return Phone
