"""Stripe's error object, and the errors that the sandbox returns."""

from __future__ import annotations

from typing import Any

TYPE_BY_STATUS = {402: "card_error"}


class ApiError(Exception):
    """A refusal in Stripe's own shape: ``{"error": {type, code, param, message, ...}}``.

    ``executed`` says whether the work had begun. Only then is the answer kept under the idempotency
    key (docs.stripe.com/api/idempotent_requests). ``keep`` says whether rows written before the refusal
    stay, as a failed charge does after a decline.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str | None = None,
        code: str | None = None,
        param: str | None = None,
        executed: bool = True,
        keep: bool = False,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code
        self.executed, self.keep = executed, keep
        self.body: dict[str, Any] = {
            "type": type or TYPE_BY_STATUS.get(status, "invalid_request_error"),
            "message": message,
            **extra,
        }
        if code:
            self.body["code"] = code
            self.body["doc_url"] = "https://docs.stripe.com/error-codes#" + code.replace("_", "-")
        if param:
            self.body["param"] = param


def bad_parameter(message: str, param: str | None, code: str | None = None) -> ApiError:
    """A 400 for a bad parameter. No work has begun, so nothing is kept under the idempotency key."""
    return ApiError(400, message, code=code, param=param, executed=False)


def missing(kind: str, object_id: str, param: str = "id", *, status: int = 404) -> ApiError:
    """A 404 for a missing object that the path names. Pass ``status=400`` if a parameter names it, as Stripe does."""
    return ApiError(status, f"No such {kind}: '{object_id}'", code="resource_missing", param=param)


def unauthorized(message: str) -> ApiError:
    """A 401 for a missing API key or one that is not a test-mode secret key."""
    return ApiError(401, message, executed=False)


def key_reused(message: str) -> ApiError:
    """A 400 for an idempotency key that was used for another request."""
    return ApiError(400, message, type="idempotency_error", executed=False)


def key_in_use(key: str) -> ApiError:
    """A 409 while a request with the same key is still running."""
    return ApiError(
        409,
        "There is currently another in-progress request using this Stripe Idempotency Key "
        f"(that probably means you submitted twice, and the other request is still going through): {key}. "
        "Please try again later.",
        type="idempotency_error",
        code="idempotency_key_in_use",
        executed=False,
    )
