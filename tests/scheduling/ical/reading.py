"""Reading a calendar as a calendar program does: strictly, with the zones that the file itself defines."""

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
    """The calendar, or an AssertionError for anything that a strict reader would complain of."""
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
    """Every (start, end) that a calendar shows, in UTC."""
    found = recurring_ical_events.of(parse(text)).between((2026, 1, 1), (2029, 1, 1))
    return sorted((one["DTSTART"].dt.astimezone(UTC), one["DTEND"].dt.astimezone(UTC)) for one in found)


def edges(spans: list[Span]) -> list[tuple[datetime, datetime]]:
    return [(one.starts_at, one.ends_at) for one in spans]
