"""Lists for staff, by token or session. `visible_to` decides which rows are in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from backend.audit.operations import record_views
from backend.worklist.models import WorkItem
from billing.models import LedgerEntry
from front.api.answers.appointments import AppointmentShape, appointment_json, with_everybody
from front.api.answers.common import Json
from front.api.answers.office import (
    LedgerShape,
    RoomShape,
    TravelTimeShape,
    WorkItemShape,
    entry_json,
    item_json,
    room_json,
    travel_time_json,
)
from front.api.answers.people import ClientShape, client_json
from front.api.inputs.queries import AppointmentsQuery, LedgerQuery, Paged
from front.api.pagination import Pages
from front.api.permissions import OfficeOnly, StaffOnly
from front.api.schema import paged
from scheduling.models import Appointment, Booking, Client, Location, Room, TravelTime
from scheduling.queries.calendars.local_days import starting
from scheduling.queries.people.visibility import posts, visible_to

from .base import View

M = TypeVar("M", bound=Model)


class StaffList(View):
    """A list in pages."""

    permission_classes: Sequence[type[BasePermission]] = (StaffOnly,)
    query_class = Paged

    def page(self, rows: QuerySet[M]) -> list[M]:
        """The rows of the page that was asked for. Raises NotFound past the last page."""
        self.pages = Pages()
        return list(self.pages.paginate_queryset(rows, self.request, view=self) or [])

    def framed(self, results: Sequence[Json]) -> Response:
        """A page with `count`, `next`, `previous` and `results`."""
        return self.pages.get_paginated_response(list(results))

    def record(self, subject: str, ids: Iterable[object]) -> None:
        """Write an audit line for each row that is shown (promise 14)."""
        record_views(subject=subject, subject_ids=ids, detail="api list", by=self.actor(), now=timezone.now())


class Appointments(StaffList):
    """Appointments."""

    query_class = AppointmentsQuery

    @extend_schema(operation_id="appointments", parameters=[AppointmentsQuery], responses=paged(AppointmentShape))
    def get(self, request: Request) -> Response:
        """Appointments that start on the given local dates, in order of time."""
        rows = starting(visible_to(Appointment, self.actor()), self.asked.get("from"), self.asked.get("to"))
        page = self.page(with_everybody(self._narrowed(rows), by=self.actor()).order_by("during", "pk"))
        found = [appointment_json(row) for row in page]
        self.record("client", sorted({one["client"] for row in found for one in row["attendees"] if one["client"]}))
        return self.framed(found)

    def _narrowed(self, rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
        filters = {"location": "location__slug", "clinician": "leads__clinician__slug", "room": "room"}
        asked = {path: self.asked[name] for name, path in filters.items() if name in self.asked}
        return rows.filter(**asked)


class Clients(StaffList):
    """Clients."""

    @extend_schema(operation_id="clients", parameters=[Paged], responses=paged(ClientShape))
    def get(self, request: Request) -> Response:
        """The clients that you may see: of your offices for the desk, of your appointments for a clinician."""
        page = self.page(visible_to(Client, self.actor()).filter(merged_into=None).order_by("pk"))
        self.record("client", [row.pk for row in page])
        return self.framed([client_json(row) for row in page])


class Rooms(StaffList):
    """Rooms."""

    @extend_schema(operation_id="rooms", parameters=[Paged], responses=paged(RoomShape))
    def get(self, request: Request) -> Response:
        """Active rooms; for the desk, those of your offices."""
        rows = Room.objects.filter(is_active=True).select_related("location")
        if self.actor().role == "desk":
            rows = rows.filter(location__in=posts(self.actor()).values("location"))
        return self.framed([room_json(row) for row in self.page(rows.order_by("location__name", "name"))])


class TravelTimes(StaffList):
    """Travel times between offices."""

    @extend_schema(operation_id="travel_times", parameters=[Paged], responses=paged(TravelTimeShape))
    def get(self, request: Request) -> Response:
        """Minutes between all offices, for each direction."""
        rows = TravelTime.objects.select_related("origin", "destination").order_by("origin__slug", "destination__slug")
        return self.framed([travel_time_json(row) for row in self.page(rows)])


class Ledger(StaffList):
    """Ledger entries."""

    permission_classes = (OfficeOnly,)
    query_class = LedgerQuery

    @extend_schema(operation_id="ledger", parameters=[LedgerQuery], responses=paged(LedgerShape))
    def get(self, request: Request) -> Response:
        """Ledger entries of the bookings that you may see, the latest first."""
        rows = LedgerEntry.objects.filter(booking__in=visible_to(Booking, self.actor()))
        if "booking" in self.asked:
            rows = rows.filter(booking__reference=self.asked["booking"])
        page = self.page(rows.select_related("booking__location").order_by("-at", "-pk"))
        return self.framed([entry_json(row) for row in page])


class WorkItems(StaffList):
    """Work items."""

    permission_classes = (OfficeOnly,)

    @extend_schema(operation_id="work_items", parameters=[Paged], responses=paged(WorkItemShape))
    def get(self, request: Request) -> Response:
        """Open work items: of your offices for the desk, all for the owner."""
        rows = WorkItem.objects.filter(resolved_at=None)
        if self.actor().role == "desk":
            rows = rows.filter(location_id__in=posts(self.actor()).values("location"))
        page = self.page(rows.order_by("opened_at", "pk"))
        locations = Location.objects.in_bulk({row.location_id for row in page if row.location_id is not None})
        return self.framed([item_json(row, locations) for row in page])
