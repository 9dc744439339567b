"""The calls under ``/_sandbox/``. ``levers.py`` describes each lever."""

from __future__ import annotations

import json
from typing import Any

from .objects import Json
from .sandbox import Sandbox

Result = tuple[int, Json]


def answer(sandbox: Sandbox, method: str, path: str, content_type: str, body: bytes) -> Result:
    """Answer one call with a status (200, 400 for a bad value, 404, 415) and JSON."""
    parts = tuple(path.removeprefix("/_sandbox/").strip("/").split("/"))
    if method == "GET" or method == "HEAD":
        return _show(sandbox, parts)
    if method == "DELETE":
        return _reset(sandbox, parts)
    if content_type.partition(";")[0].strip() != "application/json":
        return 415, {"error": "send application/json"}
    try:
        change = json.loads(body or b"{}")
        if not isinstance(change, dict):
            raise ValueError("send a JSON object")
        return _pull(sandbox, parts, change)
    except ValueError as problem:
        return 400, {"error": str(problem)}


def _show(sandbox: Sandbox, parts: tuple[str, ...]) -> Result:
    match parts:
        case ("",):
            return 200, sandbox.levers.state()
        case ("calls",):
            return 200, sandbox.levers.counts()
        case ("deliveries",):
            return 200, {"deliveries": sandbox.courier.deliveries()}
    return _not_found()


def _reset(sandbox: Sandbox, parts: tuple[str, ...]) -> Result:
    match parts:
        case ("",):
            sandbox.levers.reset()
            return 200, sandbox.levers.state()
        case ("calls",):
            sandbox.levers.forget_counts()
            return 200, sandbox.levers.counts()
    return _not_found()


def _pull(sandbox: Sandbox, parts: tuple[str, ...], change: Json) -> Result:
    match parts:
        case ("answers" | "webhooks" as group,):
            sandbox.levers.pull(group, change)
            return 200, sandbox.levers.state()
        case ("webhooks", "release"):
            return 200, {"released": _release(sandbox, change.get("order", "as_made"))}
        case ("events", event_id, "resend"):
            return _resend(sandbox, event_id, change)
    return _not_found()


def _release(sandbox: Sandbox, order: Any) -> int:
    """Stop holding, and send the held deliveries and those that a reorder is still gathering."""
    with sandbox.store.transaction():
        released = sandbox.courier.release(order)
        released += sandbox.courier.release("reversed", state="gathered")
    sandbox.levers.pull("webhooks", {"hold": False, "reorder": 0})
    return released


def _resend(sandbox: Sandbox, event_id: str, change: Json) -> Result:
    times, parallel = change.get("times", 1), change.get("parallel", False)
    if type(times) is not int or not 1 <= times <= 100 or type(parallel) is not bool:
        raise ValueError("times must be 1 to 100, parallel must be true or false")
    with sandbox.store.transaction():
        event = sandbox.store.find("event", event_id)
        if event is None:
            return 404, {"error": f"no such event: {event_id}"}
        sandbox.courier.resend(event, times, parallel)
    return 200, {"resent": times}


def _not_found() -> Result:
    return 404, {"error": "no such lever"}
