from django.apps import AppConfig


class Config(AppConfig):
    name = "backend.outbox"
    label = "outbox"
