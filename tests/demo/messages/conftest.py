import pytest
from django.test import modify_settings


@pytest.fixture(autouse=True)
def demo(settings, tmp_path):
    """The demo's store and viewer, in a directory of the test's own."""
    settings.VAR_DIR = tmp_path
    settings.EMAIL_BACKEND = "demo.messages.backend.EmailBackend"
    settings.SMS_BACKEND = "demo.messages.backend.SmsBackend"
    settings.ROOT_URLCONF = "tests.demo.messages.urls"
    with modify_settings(INSTALLED_APPS={"append": "demo"}):
        yield
