"""The page for reading the API reference and trying calls in a browser."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from .views.base import View


class Docs(View):
    """Swagger UI with our OpenAPI document. The page is the same for everybody."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Ignore the Accept header: the page is always HTML, a problem always JSON."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """The page. Its script loads the OpenAPI document."""
        return render(request._request, "api/docs.html")
