"""Addresses under /api/v1/."""

from django.urls import path, re_path

from .schema import Schema
from .views.catalog import Locations, Openings, Services
from .views.missing import Missing

app_name = "api"

urlpatterns = [
    path("schema/", Schema.as_view(), name="schema"),
    path("locations/", Locations.as_view(), name="locations"),
    path("services/", Services.as_view(), name="services"),
    path("services/<slug:slug>/openings/", Openings.as_view(), name="openings"),
    re_path(r"", Missing.as_view(), name="missing"),
]
