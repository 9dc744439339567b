"""Registry of the handler function for each purpose. Each app's `handlers.py` is imported when Django is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from backend.channels.email import Mail
from backend.channels.sms import Text

from .models import Delivery


@dataclass(frozen=True)
class Command:
    """Work in another system. `run` may be called twice, so it must use the same idempotency key each time."""

    run: Callable[[], None]


@dataclass(frozen=True)
class Later:
    """Answer of a handler whose message is still true but must wait (quiet hours): call it again at `at`."""

    at: datetime


Message: TypeAlias = Mail | Text | Command | Later
Handler: TypeAlias = Callable[[Delivery, datetime], Message | None]

_handlers: dict[str, Handler] = {}


class NoHandler(LookupError):
    """No installed app has a handler for the purpose of a row."""


def handler(purpose: str) -> Callable[[Handler], Handler]:
    """Register `function(delivery, now)`, which reads the rows again and returns the message, or None to withdraw."""

    def register(function: Handler) -> Handler:
        if _handlers.setdefault(purpose, function) is not function:
            raise RuntimeError(f"There are two handlers for {purpose}.")
        return function

    return register


def handler_for(purpose: str) -> Handler:
    """The handler of a purpose. Raises NoHandler."""
    try:
        return _handlers[purpose]
    except KeyError:
        raise NoHandler(purpose) from None
