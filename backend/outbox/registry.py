"""Which function answers for a purpose. Each app's `handlers.py` is imported when Django is ready."""

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
    """Work in another system. It may run twice, so `run` repeats itself under one key of that system."""

    run: Callable[[], None]


@dataclass(frozen=True)
class Later:
    """Still true, but not now (quiet hours): ask again at `at`."""

    at: datetime


Message: TypeAlias = Mail | Text | Command | Later
Handler: TypeAlias = Callable[[Delivery, datetime], Message | None]

_handlers: dict[str, Handler] = {}


class NoHandler(LookupError):
    """A row has a purpose that no installed app answers for."""


def handler(purpose: str) -> Callable[[Handler], Handler]:
    """Register `still_true(delivery, now)`: it reads the truth anew and returns the message, or None to withdraw."""

    def register(function: Handler) -> Handler:
        if _handlers.setdefault(purpose, function) is not function:
            raise RuntimeError(f"Two handlers for {purpose}.")
        return function

    return register


def handler_for(purpose: str) -> Handler:
    """The handler of a purpose. Raises NoHandler."""
    try:
        return _handlers[purpose]
    except KeyError:
        raise NoHandler(purpose) from None
