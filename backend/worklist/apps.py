from django.apps import AppConfig


class Config(AppConfig):
    name = "backend.worklist"
    label = "worklist"
