"""Base of all calls: strict query parameters, limits, and an actor from the credentials alone (F126)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from backend.accounts.actor import Actor
from backend.accounts.models import User
from front.actors import address_of
from front.api.authentication import Bearer
from front.api.inputs.fields import Strict
from front.api.parsing import refuse_odd_text
from front.limits import count


class NoQuery(Strict):
    """A call without query parameters."""


class View(APIView):
    """A call that is denied unless a subclass allows it (F122). Unlisted query parameters are refused."""

    metadata_class = None
    query_class: ClassVar[type[serializers.Serializer]] = NoQuery
    method_permissions: ClassVar[dict[str, list[type[BasePermission]]]] = {}
    asked: dict[str, Any]

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Decode query strings as UTF-8, even if the body claims another charset."""
        request.encoding = "utf-8"
        return super().initialize_request(request, *args, **kwargs)

    def get_permissions(self) -> Sequence[Any]:
        method = "GET" if self.request.method == "HEAD" else str(self.request.method)
        if method in self.method_permissions:
            return [permission() for permission in self.method_permissions[method]]
        return super().get_permissions()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if str(request.method).lower() not in self.handled():
            raise MethodNotAllowed(str(request.method))
        super().initial(request, *args, **kwargs)
        self.asked = self.read_query(request)

    def handled(self) -> set[str]:
        """HTTP methods that this call answers, in lower case."""
        return {name for name in ("get", "head", "post") if hasattr(self, name)}

    @property
    def allowed_methods(self) -> list[str]:
        return sorted(name.upper() for name in self.handled())

    def read_query(self, request: Request) -> dict[str, Any]:
        """Validate the query parameters. Raises ValidationError, also for a repeated parameter, and ParseError."""
        given: dict[str, str] = {}
        for name, values in request.query_params.lists():
            for text in (name, *values):
                refuse_odd_text(text)
            if len(values) > 1:
                raise serializers.ValidationError({name[:60]: ["Send this only once."]})
            given[name] = values[0]
        query = self.query_class(data=given)
        query.is_valid(raise_exception=True)
        return dict(query.validated_data)

    def actor(self) -> Actor:
        """The actor: a user by token or session, the bearer of a manage token, or a stranger. The body never counts."""
        base = Actor(request_id=str(getattr(self.request, "request_id", "")), address=address_of(self.request._request))
        if isinstance(self.request.auth, Bearer):
            return replace(base, participant_id=self.request.auth.participant_id)
        return replace(base, user=self.request.user) if isinstance(self.request.user, User) else base

    def count(self, limit: str) -> None:
        """Count this call by network address. Raises TooMany if the limit is reached."""
        count(limit, address_of(self.request._request), now=timezone.now())
