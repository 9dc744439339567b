"""Addresses of a clinician's own pages."""

from django.urls import URLPattern

app_name = "schedule"

urlpatterns: list[URLPattern] = []
