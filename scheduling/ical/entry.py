"""Pure: calendar entries for one person's part in one booking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from urllib.parse import quote
from zoneinfo import ZoneInfo

# Characters not allowed in TEXT (RFC 5545 §3.1), and those that readers take for a line end (NEL, U+2028, U+2029).
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, kw_only=True)
class Span:
    """A period with aware datetimes. `place` is empty unless it may be shown."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Name and email address of an organizer or attendee."""

    name: str
    email: str

    @property
    def uri(self) -> str:
        """A mailto URI, quoted so that no stored address can end the line (RFC 6068 §2, F92)."""
        return "mailto:" + quote(self.email, safe="@!$'*+-._~")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One UID with its SEQUENCE. Times are written in the wall time of `zone`; `spans` are in order of time."""

    uid: str
    sequence: int
    stamped_at: datetime
    zone: str
    spans: Sequence[Span]
    summary: str = "Appointment"
    organizer: Person | None = None
    attendee: Person | None = None
    is_cancelled: bool = False


def clean(text: str) -> str:
    """`text` on one line without control characters, so that a name cannot add a line (F91)."""
    return _NOT_TEXT.sub(" ", text).strip()


def clean_name(name: str) -> str:
    """`clean` a parameter value and replace backslashes, which some readers treat as the start of an escape."""
    return clean(name).replace("\\", "/")


def day_spans(spans: Sequence[Span], zone: str) -> list[Span]:
    """One span per day of `zone`'s calendar, from the first start to the last end, with the place of the first span."""
    wall = ZoneInfo(zone)

    def day(span: Span) -> date:
        return span.starts_at.astimezone(wall).date()

    ordered = sorted(spans, key=lambda span: span.starts_at)
    days = [list(group) for _, group in groupby(ordered, key=day)]
    return [
        Span(starts_at=group[0].starts_at, ends_at=max(span.ends_at for span in group), place=group[0].place)
        for group in days
    ]
