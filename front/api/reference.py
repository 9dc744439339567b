"""The page on which the API is read and tried in a browser."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from .views.base import View


class Docs(View):
    """Swagger UI over our own description. The page is the same for everybody."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Whatever the caller accepts: the page is HTML, a problem is JSON."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """The page. Its script fetches the description."""
        return render(request._request, "api/docs.html")
