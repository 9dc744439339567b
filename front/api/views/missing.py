"""Every other address: a problem, not a page."""

from __future__ import annotations

from typing import Any, NoReturn

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from .base import View


@extend_schema(exclude=True)
class Missing(View):
    """404 whatever the method."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        """Nothing is read of what was asked."""
        raise NotFound("Not found. Addresses end with a slash.")
