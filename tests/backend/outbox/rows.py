"""Deliveries with purpose `test`. Each test chooses the answer of its handler."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from backend.channels.email import Mail
from backend.channels.errors import NotSent, Refused
from backend.channels.sms import Text
from backend.outbox import operations
from backend.outbox.models import Delivery
from backend.outbox.registry import Command, Later, Message, handler

NOW = datetime(2027, 3, 10, 15, 0, tzinfo=UTC)
Answer = Callable[[Delivery, datetime], Message | None]


def a_mail(delivery: Delivery, now: datetime) -> Mail:
    return Mail(to=f"{delivery.key}@example.com", subject="Your booking", text="Hello", html="<p>Hello</p>")


def a_text(delivery: Delivery, now: datetime) -> Text:
    return Text(to="+12145550123", body=f"Hello {delivery.key}")


_answers: list[Answer] = [a_mail]


@handler("test")
def _ask(delivery: Delivery, now: datetime) -> Message | None:
    return _answers[-1](delivery, now)


@contextmanager
def answering(answer: Answer) -> Iterator[None]:
    _answers.append(answer)
    try:
        yield
    finally:
        _answers.pop()


def planned(key: str = "k1", **fields: Any) -> Delivery:
    defaults: dict[str, Any] = {
        "purpose": "test",
        "channel": "email",
        "subject": "participant",
        "subject_id": 1,
        "due_at": NOW,
    }
    with transaction.atomic():
        return operations.plan(operations.Planned(key=key, **(defaults | fields)), now=NOW)


class Phone:
    """A text provider that stores the texts it gets; `mood` makes it fail."""

    sent: list[Text] = []
    mood: str = ""

    def send(self, text: Text) -> str:
        if self.mood == "refuses":
            raise Refused("21610")
        if self.mood == "busy":
            raise NotSent("429")
        Phone.sent.append(text)
        if self.mood == "loses the answer":
            raise ConnectionResetError
        return f"SM{len(Phone.sent)}"

    def find(self, *, reference: str, since: datetime) -> str | None:
        found = [number for number, text in enumerate(Phone.sent, 1) if text.reference == reference]
        return f"SM{found[0]}" if found else None


__all__ = ["NOW", "Command", "Later", "Phone", "a_mail", "a_text", "answering", "planned"]
