"""Events: each stores a snapshot of the changed object and is sent by webhook."""

from __future__ import annotations

import copy
from fnmatch import fnmatchcase

from . import lists
from .errors import bad_parameter
from .objects import Json, build
from .sandbox import Call

MOST_TYPES = 20


def emit(call: Call, event_type: str, subject: Json) -> None:
    """Store an event with a snapshot of the object, and plan its webhook in the same transaction."""
    config = call.sandbox.config
    event = build(
        "event",
        call.now,
        type=event_type,
        api_version=config.api_version,
        data={"object": copy.deepcopy(subject)},
        pending_webhooks=1 if config.webhook_url else 0,
        request={"id": call.request_id, "idempotency_key": call.idempotency_key},
    )
    call.store.add(event)
    if config.webhook_url:
        call.sandbox.courier.enqueue(event)


def retrieve(call: Call) -> Json:
    """GET /v1/events/{id}"""
    return call.target("event")


def list_events(call: Call) -> Json:
    """GET /v1/events, by ``type`` (with ``*``) or ``types``, newest first."""
    wanted = call.params.get("types", [])
    pattern = call.params.pop("type", None)
    if wanted and pattern:
        raise bad_parameter("You may only specify one of these parameters: type, types.", "types")
    if len(wanted) > MOST_TYPES:
        raise bad_parameter(f"You may pass up to {MOST_TYPES} types.", "types")
    if not wanted and not pattern:
        return lists.page(call.store, "event", "/v1/events", call.params)
    known = call.store.rows("SELECT DISTINCT json_extract(body, '$.type') AS t FROM objects WHERE kind = 'event'")
    matching = [row["t"] for row in known if row["t"] in wanted or (pattern and fnmatchcase(row["t"], pattern))]
    return lists.page(call.store, "event", "/v1/events", call.params, type=matching)
