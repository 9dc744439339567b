from django.apps import AppConfig


class Config(AppConfig):
    name = "backend.accounts"
    label = "accounts"
