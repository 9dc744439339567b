"""Addresses behind a link from a message: one person's part in one booking."""

from django.urls import path

from . import views

app_name = "portal"

urlpatterns = [
    path("link/", views.link, name="link"),
]
