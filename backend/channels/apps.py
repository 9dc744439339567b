from django.apps import AppConfig


class Config(AppConfig):
    name = "backend.channels"
    label = "channels"
