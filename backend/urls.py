"""The site map."""

from django.urls import URLPattern, URLResolver, path

from backend.health import health, metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("metrics", metrics, name="metrics"),
]
