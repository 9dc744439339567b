"""Structured logs with ids and paths; never a link's secret, a query string, an address or a name (F129, F142)."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

# Path prefixes that are followed by a secret: a person's link and a private calendar.
SECRET_PART = re.compile(r"/(m|calendar)/[^/\s?]+")
QUERY = re.compile(r"\?\S*")


def keep_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove link secrets and query strings from paths, and drop the user agent, which can identify a browser."""
    event.pop("user_agent", None)
    for key in ("event", "request"):
        if isinstance(event.get(key), str):
            event[key] = QUERY.sub("", SECRET_PART.sub(r"/\1/…", event[key]))
    return event


def reduce_errors(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by its type and frames. Its message is dropped: a database puts the refused row into it."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["frames"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    keep_secrets,
    reduce_errors,
]
render = structlog.processors.JSONRenderer()

structlog.configure(
    processors=[*SHARED_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
