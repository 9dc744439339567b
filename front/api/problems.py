"""Errors as problem details (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.signals import got_request_exception
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

from front.limits import TooMany

from .errors import Problem

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("django.request")


def problem_handler(exc: Exception, context: dict[str, Any]) -> Response:
    """The answer to any error: `title`, `status`, `code`, and either `detail` or `errors` by field.

    An unexpected error is logged and reported like any server error, and answered without its details.
    """
    response = exception_handler(_known(exc), context)
    if response is None:
        response = _unexpected(exc, context)
    response.data = body(response.status_code, data=response.data, exc=_known(exc))
    response.content_type = MEDIA_TYPE
    return response


def _known(exc: Exception) -> Exception:
    if isinstance(exc, TooMany):
        return Problem(429, str(exc), code="throttled", wait=exc.retry_after)
    return exc


def _unexpected(exc: Exception, context: dict[str, Any]) -> Response:
    """Log an unexpected error and send Django's signal. The caller learns no details."""
    request = getattr(context.get("request"), "_request", None)
    log.error("server error in the API", exc_info=exc)
    got_request_exception.send(sender=None, request=request)
    return Response(
        {"detail": "Something went wrong on our side. We do not know whether the call took effect."}, status=500
    )


def body(status: int, *, data: Any, exc: Exception | None = None) -> dict[str, Any]:
    """Problem details of type `about:blank`, with the status phrase as title (RFC 9457 §4.2.1)."""
    problem: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if isinstance(exc, APIException) and isinstance(exc.get_codes(), str):
        problem["code"] = exc.get_codes()
    if isinstance(data, Mapping) and "detail" in data and not isinstance(data["detail"], Mapping):
        problem["detail"] = str(data["detail"])
    else:
        problem["detail"] = "Some of the values are not valid. See `errors`."
        problem["errors"] = data if isinstance(data, Mapping) else {"non_field_errors": data}
    return problem | getattr(exc, "members", {})
