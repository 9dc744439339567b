"""Read a calendar as a strict calendar program does, with the time zones that the file defines."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component

from scheduling.ical.entry import Entry, Person, Span

CENTRAL = ZoneInfo("America/Chicago")


def local(month: int, day: int, hour: int, minute: int = 0, *, zone: ZoneInfo = CENTRAL) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=zone)


def span(month: int, day: int, start: int, end: int, *, zone: ZoneInfo = CENTRAL, place: str = "") -> Span:
    return Span(
        starts_at=local(month, day, start, zone=zone).astimezone(UTC),
        ends_at=local(month, day, end, zone=zone).astimezone(UTC),
        place=place,
    )


def entry(spans: list[Span], **fields: object) -> Entry:
    defaults: dict[str, object] = {
        "uid": "3f0b8c1e-7d5a-4a51-9a0b-0b5a5f0c9d10",
        "sequence": 0,
        "stamped_at": datetime(2027, 1, 4, 15, 0, tzinfo=UTC),
        "zone": "America/Chicago",
        "spans": spans,
        "organizer": Person(name="HEP Appointments", email="appointments@hep.example"),
        "attendee": Person(name="Alex", email="alex@example.com"),
    }
    return Entry(**(defaults | fields))


def parse(text: str) -> Calendar:
    """Parse a calendar. Raises AssertionError for anything that a strict reader rejects."""
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), "a line is too long"
    assert "\n" not in text.replace("\r\n", ""), "a bare line feed"
    calendar = Calendar.from_ical(text)
    assert isinstance(calendar, Calendar)
    for component in calendar.walk():
        assert not component.errors, component.errors
    return calendar


def events(text: str) -> list[Component]:
    return list(parse(text).walk("VEVENT"))


def occurrences(text: str) -> list[tuple[datetime, datetime]]:
    """Every (start, end) of a calendar, in UTC."""
    found = recurring_ical_events.of(parse(text)).between((2026, 1, 1), (2029, 1, 1))
    return sorted((event["DTSTART"].dt.astimezone(UTC), event["DTEND"].dt.astimezone(UTC)) for event in found)


def edges(spans: list[Span]) -> list[tuple[datetime, datetime]]:
    return [(span.starts_at, span.ends_at) for span in spans]
