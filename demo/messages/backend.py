"""Backends that store the demo's mail and texts in files instead of sending them."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage as Parsed

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from backend.channels.sms import Text

from . import store
from .store import Stored


class EmailBackend(BaseEmailBackend):
    """A Django email backend that stores each mail once per recipient."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store the messages as the bytes that would be sent; returns how many."""
        for message in email_messages:
            raw = message.message().as_bytes(linesep="\r\n")
            for to in message.recipients():
                store.write(received(raw, to=to, now=datetime.now(UTC)))
        return len(email_messages)


def received(raw: bytes, *, to: str, now: datetime) -> Stored:
    """Parse the bytes of a mail as the recipient's mail program does."""
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, Parsed)
    return Stored(
        id=store.new_id(now),
        channel="email",
        to=to,
        subject=str(parsed["Subject"] or ""),
        text=_content(parsed, "text/plain").replace("\r\n", "\n"),
        html=_content(parsed, "text/html").replace("\r\n", "\n"),
        calendar=_content(parsed, "text/calendar"),
        raw=raw.decode("utf-8", "replace"),
        sent_at=now.isoformat(),
        outbox_id=str(parsed["Message-ID"] or "").strip(),
    )


def _content(parsed: Parsed, kind: str) -> str:
    for part in parsed.walk():
        if part.get_content_type() == kind:
            return str(part.get_content())
    return ""


class SmsBackend:
    """A `backend.channels.sms.Provider` that stores each text. The id of the file is the provider's id."""

    def send(self, text: Text) -> str:
        """Store one text; returns its id."""
        now = datetime.now(UTC)
        message_id = store.new_id(now)
        store.write(
            Stored(
                id=message_id,
                channel="sms",
                to=text.to,
                text=text.body,
                raw=text.body,
                sent_at=now.isoformat(),
                outbox_id=message_id,
                reference=text.reference,
            )
        )
        return message_id

    def find(self, *, reference: str, since: datetime) -> str | None:
        """The id of a text with this reference stored at or after `since`, or None."""
        for message in store.newest():
            if message.at < since:
                return None
            if message.reference == reference:
                return message.id
        return None
