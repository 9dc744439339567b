"""`GET services/{slug}/why-not/`, for the office's desk and the owner."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from front.api.answers.why_not import WhyNotShape, why_not_json
from front.api.inputs.why_not import WhyNotQuery
from front.api.permissions import OfficeOnly
from front.api.schema import described
from scheduling.models import Clinician
from scheduling.permissions import desks_of
from scheduling.queries.openings.search import Search
from scheduling.queries.why_not.why_not import why_not

from .base import View
from .catalog import named, service_or_404


class WhyNotOnDate(View):
    """“Why not?” for a date. Not for clinicians, because the answer names times of their colleagues."""

    permission_classes = (OfficeOnly,)
    query_class = WhyNotQuery

    @extend_schema(operation_id="why_not", parameters=[WhyNotQuery], responses=described(WhyNotShape, 401, 403))
    def get(self, request: Request, slug: str) -> Response:
        """Obstacles of a date at one of your offices, and the smallest changes that open it."""
        now = timezone.now()
        location = desks_of(self.actor()).filter(slug=self.asked["location"]).first()
        if location is None:
            raise NotFound("There is no such office, or it is not yours.")
        day = self.asked["date"]
        search = Search(
            service=service_or_404(slug),
            first=day,
            until=day + timedelta(days=1),
            now=now,
            location=location,
            clinician=named(Clinician, "clinician", self.asked.get("clinician")),
            mode=self.asked.get("mode"),
            waive_notice=True,
        )
        found = why_not(search)
        return Response(why_not_json(found, now=now))
