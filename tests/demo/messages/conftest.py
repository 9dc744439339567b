import pytest
from django.test import modify_settings


@pytest.fixture(autouse=True)
def demo(settings, tmp_path):
    """Run the demo's store and viewer on a new directory per test."""
    settings.VAR_DIR = tmp_path
    settings.EMAIL_BACKEND = "demo.messages.backend.EmailBackend"
    settings.SMS_BACKEND = "demo.messages.backend.SmsBackend"
    settings.ROOT_URLCONF = "tests.demo.messages.urls"
    with modify_settings(INSTALLED_APPS={"append": "demo"}):
        yield
