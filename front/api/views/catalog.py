"""`GET locations/`, `services/`, `services/{slug}/openings/` and `services/{slug}/series/`: open to everybody."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from billing.queries.quotes import from_prices
from front.api.answers.catalog import LocationShape, ServiceShape, location_json, service_json
from front.api.answers.openings import OpeningsShape, openings_json
from front.api.answers.series import SeriesShape, series_json
from front.api.inputs.queries import OpeningsQuery, SeriesQuery
from front.api.schema import described
from scheduling.models import Clinician, Location, Service
from scheduling.opening_id import UnknownOpening
from scheduling.queries.openings.listing import BadWindow, openings
from scheduling.queries.openings.opening import UNKNOWN, Opening, describe, get_service, services_on_offer
from scheduling.queries.openings.search import Search
from scheduling.queries.openings.series import BadSeries, series

from .base import View


class PublicView(View):
    """A call without credentials."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class Locations(PublicView):
    """Offices."""

    @extend_schema(operation_id="locations", responses=described(LocationShape(many=True)))
    def get(self, request: Request) -> Response:
        """The offices, in order of name."""
        rows = Location.objects.filter(is_active=True).order_by("name")
        return Response([location_json(location) for location in rows])


class Services(PublicView):
    """Services."""

    @extend_schema(operation_id="services", responses=described(ServiceShape(many=True)))
    def get(self, request: Request) -> Response:
        """The services on offer, with their lowest price."""
        rows = services_on_offer().prefetch_related("locations")
        services = list(rows.order_by("line", "party", "name"))
        prices = from_prices(services, now=timezone.now())
        return Response([service_json(service, prices) for service in services])


class Openings(PublicView):
    """Openings of one service."""

    query_class = OpeningsQuery

    @extend_schema(
        operation_id="openings", parameters=[OpeningsQuery], responses=described(OpeningsShape, 400, 404, 429)
    )
    def get(self, request: Request, slug: str) -> Response:
        """Openings on the local dates from `from` to `to` (exclusive)."""
        self.count("openings_per_address")
        now = timezone.now()
        try:
            found = openings(Search(service=service_or_404(slug), now=now, **self._filters()))
        except BadWindow as error:
            raise serializers.ValidationError({"to": [str(error)]}) from error
        return Response({"openings": openings_json(found.openings, now=now), "next": _day(found.next_on)})

    def _filters(self) -> dict[str, Any]:
        return {
            "first": self.asked["from"],
            "until": self.asked["to"],
            "mode": self.asked.get("mode"),
            "gender": self.asked.get("gender", ""),
            "teams": self.asked["teams"],
            "location": named(Location, "location", self.asked.get("location")),
            "clinician": named(Clinician, "clinician", self.asked.get("clinician")),
        }


class SeriesDates(PublicView):
    """The dates of a series that begins with an opening."""

    query_class = SeriesQuery

    @extend_schema(operation_id="series", parameters=[SeriesQuery], responses=described(SeriesShape, 400, 404, 429))
    def get(self, request: Request, slug: str) -> Response:
        """The same local time every n weeks: each date, with alternatives for the dates that are not free."""
        self.count("openings_per_address")
        now = timezone.now()
        try:
            found = series(
                opening=_opening_of(service_or_404(slug), self.asked["opening"]),
                times=self.asked["times"],
                every_n_weeks=self.asked["every"],
                skip=self.asked.get("skip", ()),
                move=self.asked.get("move", {}),
                now=now,
            )
        except (BadSeries, UnknownOpening) as error:
            field = "opening" if isinstance(error, UnknownOpening) else "times"
            raise serializers.ValidationError({field: [str(error)]}) from error
        return Response(series_json(found, now=now))


def _opening_of(service: Service, opening_id: str) -> Opening:
    """The opening with this id. Raises UnknownOpening, also for another service's opening."""
    opening = describe(opening_id)
    if opening.service != service:
        raise UnknownOpening(UNKNOWN)
    return opening


def service_or_404(slug: str) -> Service:
    """The service on offer with this slug, with its program. Raises NotFound."""
    try:
        return get_service(slug)
    except Service.DoesNotExist as error:
        raise NotFound("There is no such service.") from error


def named(model: type[Any], name: str, slug: str | None) -> Any:
    """The active row with this slug; None if `slug` is None. Raises ValidationError for an unknown slug."""
    if slug is None:
        return None
    row = model.objects.filter(slug=slug, is_active=True).first()
    if row is None:
        raise serializers.ValidationError({name: [f"There is no such {name}."]})
    return row


def _day(value: Any) -> str | None:
    return value.isoformat() if value is not None else None
