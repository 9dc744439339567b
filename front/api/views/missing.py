"""Answer every other address with a problem instead of a page."""

from __future__ import annotations

from typing import Any, NoReturn

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from .base import View


@extend_schema(exclude=True)
class Missing(View):
    """404 for any method."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise NotFound before anything of the request is read."""
        raise NotFound("Not found. Addresses end with a slash.")
