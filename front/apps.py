from django.apps import AppConfig


class Config(AppConfig):
    name = "front"

    def ready(self) -> None:
        from .accounts.listeners import connect

        connect()
