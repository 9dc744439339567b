"""Pure: what a calendar is told of one person's part in one booking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from urllib.parse import quote
from zoneinfo import ZoneInfo

# What TEXT must not hold (RFC 5545 §3.1) and what readers take for the end of a line (NEL, U+2028, U+2029).
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, kw_only=True)
class Span:
    """From the first to the last minute of one stretch. Aware datetimes; `place` is empty unless it may be told."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A name and an address as a calendar shows them."""

    name: str
    email: str

    @property
    def uri(self) -> str:
        """A mailto URI in which nothing can end the line, whatever was stored (RFC 6068 §2, F92)."""
        return "mailto:" + quote(self.email, safe="@!$'*+-._~")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One UID with its SEQUENCE. `zone` is the wall clock that the times are written in; `spans` in order of time."""

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
    """`text` on one line, without control characters: a name must not write a line of its own (F91)."""
    return _NOT_TEXT.sub(" ", text).strip()


def clean_name(name: str) -> str:
    """`clean`, for a parameter: some readers take a backslash there for an escape and swallow what follows."""
    return clean(name).replace("\\", "/")


def day_spans(spans: Sequence[Span], zone: str) -> list[Span]:
    """One span a day of `zone`'s calendar, from the first start to the last end; the first place counts."""
    wall = ZoneInfo(zone)

    def day(span: Span) -> date:
        return span.starts_at.astimezone(wall).date()

    ordered = sorted(spans, key=lambda span: span.starts_at)
    days = [list(group) for _, group in groupby(ordered, key=day)]
    return [
        Span(starts_at=group[0].starts_at, ends_at=max(one.ends_at for one in group), place=group[0].place)
        for group in days
    ]
