"""Addresses under /api/v1/."""

from django.urls import path, re_path

from front import converters  # noqa: F401  # registers them
from front.middleware import public

from .reference import Docs
from .schema import Schema
from .views.bookings import BookingDetail, Bookings
from .views.catalog import Locations, Openings, SeriesDates, Services
from .views.missing import Missing
from .views.staff import Appointments, Clients, Ledger, Rooms, TravelTimes, WorkItems
from .views.why_not import WhyNotOnDate

app_name = "api"


urlpatterns = [
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", public(Docs.as_view()), name="docs"),
    path("locations/", Locations.as_view(), name="locations"),
    path("services/", Services.as_view(), name="services"),
    path("services/<slug:slug>/openings/", Openings.as_view(), name="openings"),
    path("services/<slug:slug>/series/", SeriesDates.as_view(), name="series"),
    path("services/<slug:slug>/why-not/", WhyNotOnDate.as_view(), name="why-not"),
    path("bookings/", Bookings.as_view(), name="bookings"),
    path("bookings/<reference:reference>/", BookingDetail.as_view(), name="booking"),
    path("appointments/", Appointments.as_view(), name="appointments"),
    path("clients/", Clients.as_view(), name="clients"),
    path("rooms/", Rooms.as_view(), name="rooms"),
    path("travel-times/", TravelTimes.as_view(), name="travel-times"),
    path("ledger/", Ledger.as_view(), name="ledger"),
    path("work-items/", WorkItems.as_view(), name="work-items"),
    re_path(r"", Missing.as_view(), name="missing"),
]
