"""Where the demo's mail and texts go instead of a mail server and a telephone network."""

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
    """Keeps each mail once for each person who gets it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store the messages as their bytes would leave the house; returns how many."""
        for message in email_messages:
            raw = message.message().as_bytes(linesep="\r\n")
            for to in message.recipients():
                store.write(received(raw, to=to, now=datetime.now(UTC)))
        return len(email_messages)


def received(raw: bytes, *, to: str, now: datetime) -> Stored:
    """The mail as a mail program of the receiver reads it."""
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
    """Keeps each text; its id is the provider's id, as `backend.channels.sms.Provider` asks."""

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
        """The id of a text with this reference kept since then."""
        for message in store.newest():
            if message.at < since:
                return None
            if message.reference == reference:
                return message.id
        return None
