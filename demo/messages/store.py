"""One file per received message under VAR_DIR/messages, written completely or not at all."""

from __future__ import annotations

import json
import os
import re
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

_ID = re.compile(r"^[0-9A-Za-z-]{1,80}$")


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A message as one person received it. `outbox_id` is `Delivery.message_id`; `sent_at` is RFC 3339 in UTC."""

    id: str
    channel: str
    to: str
    subject: str = ""
    text: str = ""
    html: str = ""
    calendar: str = ""
    raw: str = ""
    sent_at: str = ""
    outbox_id: str = ""
    reference: str = ""

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.sent_at)


def new_id(now: datetime) -> str:
    """A unique id whose text order is the order in time."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:12]}"


def folder() -> Path:
    """Folder of the message files."""
    return Path(settings.VAR_DIR) / "messages"


def write(message: Stored) -> None:
    """Store a message. If the process is killed, the complete file exists or none does."""
    folder().mkdir(parents=True, exist_ok=True)
    part = folder() / f".{message.id}.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump(asdict(message), file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder() / f"{message.id}.json")


def newest(limit: int | None = None) -> list[Stored]:
    """Up to `limit` messages, the latest first."""
    names = sorted((path.name for path in folder().glob("*.json")), reverse=True)
    return [_load(folder() / name) for name in names[:limit]]


def get(message_id: str) -> Stored | None:
    """One message, or None."""
    path = folder() / f"{message_id}.json"
    return _load(path) if _ID.match(message_id) and path.is_file() else None


def _load(path: Path) -> Stored:
    return Stored(**json.loads(path.read_text(encoding="utf-8")))
