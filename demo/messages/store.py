"""One file for each message that somebody got, under VAR_DIR/messages. Written whole or not at all."""

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
    """A message as one person got it. `outbox_id` is what the outbox row calls it; `sent_at` is RFC 3339 in UTC."""

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
    """Sorts by time; unique without asking anybody."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:12]}"


def folder() -> Path:
    """Where the files are."""
    return Path(settings.VAR_DIR) / "messages"


def write(message: Stored) -> None:
    """Keep a message: a kill at any moment leaves the whole file or none."""
    folder().mkdir(parents=True, exist_ok=True)
    part = folder() / f".{message.id}.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump(asdict(message), file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder() / f"{message.id}.json")


def newest(limit: int | None = None) -> list[Stored]:
    """Messages, the latest first."""
    names = sorted((path.name for path in folder().glob("*.json")), reverse=True)
    return [_load(folder() / name) for name in names[:limit]]


def get(message_id: str) -> Stored | None:
    """One message, or None."""
    path = folder() / f"{message_id}.json"
    return _load(path) if _ID.match(message_id) and path.is_file() else None


def _load(path: Path) -> Stored:
    return Stored(**json.loads(path.read_text(encoding="utf-8")))
