"""Handle one API request, from raw bytes to Stripe's answer."""

from __future__ import annotations

import base64
import binascii
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from . import routes
from .errors import ApiError, unauthorized
from .expand import expand
from .idempotency import Kept, Keys, keep, recall
from .objects import Json
from .params import check, decode
from .routes import Route
from .sandbox import Call, Sandbox, new_request_id

log = logging.getLogger(__name__)
REPORT = "The payment sandbox failed. See its log for the cause."


@dataclass(frozen=True)
class Request:
    """An HTTP request; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Answer:
    """An HTTP answer. If ``lost``, the connection is closed instead."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False


class Api:
    """Stripe's API under ``/v1/``: authentication, parameters, idempotency, one transaction per call."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.keys = sandbox, Keys()

    def answer(self, request: Request) -> Answer:
        """Answer one request; never raises."""
        request_id = new_request_id()
        try:
            answer = self._answer(request, request_id)
        except ApiError as refusal:
            answer = Answer(refusal.status, _text({"error": refusal.body}))
        answer.headers |= {
            "Request-Id": request_id,
            "Stripe-Version": request.headers.get("stripe-version", self.sandbox.config.api_version),
        }
        if "idempotency-key" in request.headers:
            answer.headers["Idempotency-Key"] = request.headers["idempotency-key"]
        return answer

    def _answer(self, request: Request, request_id: str) -> Answer:
        authenticate(request.headers.get("authorization", ""))
        found = routes.find(request.method, request.path)
        if found is None:
            raise ApiError(404, f"Unrecognized request URL ({request.method}: {request.path}).", executed=False)
        route, ids = found
        self.sandbox.levers.count(route.name)
        tree = decode(request.query if request.method == "GET" else _utf8(request.body))
        params = check(tree, route.fields)
        route.refuse_unsupported(params)
        key = request.headers.get("idempotency-key") if request.method == "POST" else None
        call = Call(self.sandbox, params, ids, request_id, key)
        with self.keys.hold(key):
            answer = self._once(route, call, request.path, tree)
            self.sandbox.levers.pause(route.name)
        answer.lost = self.sandbox.levers.take("lose", route.name)
        return answer

    def _once(self, route: Route, call: Call, path: str, tree: Json) -> Answer:
        """Replay the kept answer, or do the work and keep its answer in the same transaction."""
        store, key = call.store, call.idempotency_key
        with store.transaction():
            kept = recall(store, key, path, tree, call.now) if key else None
            if kept:
                self.sandbox.levers.count(route.name, replayed=True)
                headers = {"Idempotent-Replayed": "true", "Original-Request": kept.request_id}
                return Answer(kept.status, kept.body, headers)
            answer = self._work(route, call)
            if key:
                keep(store, key, path, tree, Kept(answer.status, answer.body, call.request_id or ""), call.now)
            return answer

    def _work(self, route: Route, call: Call) -> Answer:
        try:
            with call.store.savepoint():
                answer = _run(route, call)
                if self.sandbox.levers.take("fail", route.name):
                    raise RuntimeError("a lever asked for a failure")
                return answer
        except ApiError as refusal:
            if not refusal.executed:
                raise
            return Answer(refusal.status, _text({"error": refusal.body}))
        except Exception:
            log.exception("%s failed", route.name)
            return Answer(500, _text({"error": {"type": "api_error", "message": REPORT}}))


def _run(route: Route, call: Call) -> Answer:
    """Run the handler. A refusal that keeps its writes is returned as an answer, so nothing is rolled back."""
    try:
        paths = call.params.pop("expand", None) or []
        return Answer(200, _text(expand(call.store, route.handler(call), paths)))
    except ApiError as refusal:
        if not refusal.keep:
            raise
        return Answer(refusal.status, _text({"error": refusal.body}))


def _text(body: Json) -> str:
    return json.dumps(body, indent=2)


def _utf8(body: bytes) -> str:
    try:
        return body.decode("ascii")
    except UnicodeDecodeError:
        raise ApiError(400, "The request body must be form-encoded ASCII.", executed=False) from None


def authenticate(header: str) -> None:
    """Accept any test-mode secret key, as bearer token or as HTTP basic user name. Raises ApiError 401."""
    scheme, _, credential = header.partition(" ")
    if scheme.lower() == "basic":
        try:
            credential = base64.b64decode(credential, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            credential = ""
    if not credential or scheme.lower() not in ("bearer", "basic"):
        raise unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using "
            "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
    if not credential.startswith("sk_test_") or len(credential) <= len("sk_test_"):
        raise unauthorized(f"Invalid API Key provided: {credential[:7]}****{credential[-4:]}")
