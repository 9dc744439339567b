"""The demo as a Django application; installed only with DEMO set."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "demo"

    def ready(self) -> None:
        """Let `filesystem://` mean our broker of files."""
        from kombu.transport import TRANSPORT_ALIASES

        TRANSPORT_ALIASES["filesystem"] = "demo.broker:Transport"
