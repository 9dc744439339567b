"""The OpenAPI document: problems, credentials, and the view that serves it."""

from __future__ import annotations

import functools
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from .problems import MEDIA_TYPE
from .views.base import View

WORDS = {
    400: "The request is not valid.",
    401: "No credentials, or unknown ones.",
    403: "This role may not do this.",
    404: "Not found, or not yours.",
    405: "This method is not allowed.",
    406: "Responses are JSON only.",
    409: "The request conflicts with the current state.",
    413: "The body is too large.",
    415: "Send `application/json`.",
    422: "The Idempotency-Key was used for another request.",
    429: "Too many requests. Wait for the seconds in `Retry-After`.",
    502: "The payment provider is not answering.",
}
ALWAYS = (400, 404, 405, 406)


class ProblemShape(serializers.Serializer):
    """Problem details (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField(required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `errors` here, because `Serializer.errors` is a property."""
        errors = serializers.DictField(required=False, help_text="What is wrong, by field.")
        return super().get_fields() | {"errors": errors}


def described(answer: Any, *statuses: int, ok: int = 200, **shapes: Any) -> dict[Any, Any]:
    """Responses of an operation: the answer, and a problem for each error status that it may have."""
    responses: dict[Any, Any] = {ok: answer}
    for status in sorted({*statuses, *ALWAYS}):
        shape = shapes.get(f"problem_{status}", ProblemShape)
        responses[(status, MEDIA_TYPE)] = OpenApiResponse(shape, description=WORDS[status])
    return responses


def paged(shape: type[serializers.Serializer]) -> dict[Any, Any]:
    """Responses of a staff list: a page of `shape`."""
    name = shape.__name__.removesuffix("Shape")
    fields = {
        "count": serializers.IntegerField(),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": shape(many=True),
    }
    page = type(f"{name}PageShape", (serializers.Serializer,), {"__doc__": f"A page of {name}.", **fields})
    return described(page, 401, 403)


class ApiTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Token …`"""

    target_class = "front.api.authentication.ApiTokenAuthentication"
    name = "staffToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Describe it as a header, because OpenAPI has no `Token` scheme."""
        words = "`Token` and a space, then a token made for a member of staff."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": words}


class ManageTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Bearer …`"""

    target_class = "front.api.authentication.ManageTokenAuthentication"
    name = "manageToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Describe the token in the answer to a new booking."""
        return {"type": "http", "scheme": "bearer", "description": "The `manage_token` of one person's booking."}


@functools.cache
def document() -> dict[str, Any]:
    """The OpenAPI document. It depends on the code only, so it is built once per process."""
    return dict(SchemaGenerator().get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


class Schema(View):
    """The OpenAPI 3 document of this API."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """JSON, or YAML if the Accept header asks for it."""
        return Response(document())
