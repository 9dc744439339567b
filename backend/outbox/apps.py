from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Config(AppConfig):
    name = "backend.outbox"
    label = "outbox"

    def ready(self) -> None:
        autodiscover_modules("handlers")
