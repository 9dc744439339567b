"""Pure: write entries as iCalendar text (RFC 5545), as invites for one person (RFC 6047) and as feeds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

from .entry import Entry, Span, clean, clean_name, day_spans
from .recurrence import Pattern, pattern
from .zones import timezone_component

PRODID = "-//Mooring//Appointments//EN"
REFRESH = timedelta(hours=1)


def invite(entry: Entry, *, method: str) -> str:
    """The calendar part of a mail, with method REQUEST (new or changed) or CANCEL, one UID and one SEQUENCE."""
    calendar = _calendar(method, [entry])
    _add_events(calendar, entry)
    return calendar.to_ical().decode()


def feed(entries: Sequence[Entry], *, name: str) -> str:
    """A calendar subscription with METHOD PUBLISH. Canceled entries are marked and do not block time (F99, F100)."""
    calendar = _calendar("PUBLISH", entries)
    calendar.add("X-WR-CALNAME", clean(name))
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", REFRESH)
    for entry in entries:
        _add_events(calendar, entry)
    return calendar.to_ical().decode()


def _calendar(method: str, entries: Iterable[Entry]) -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", PRODID)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    for zone in sorted({entry.zone for entry in entries if entry.spans}):
        calendar.add_component(timezone_component(zone))
    return calendar


def _add_events(calendar: Calendar, entry: Entry) -> None:
    if not entry.spans:
        return
    shape = pattern(day_spans(entry.spans, entry.zone), entry.zone)
    calendar.add_component(_master(entry, shape))
    # The master alone cancels the whole set (RFC 5546 §3.2.5). Overrides would reappear as single entries.
    for start, span in [] if entry.is_cancelled else shape.moved:
        override = _event(entry, span)
        override.add("RECURRENCE-ID", start)
        calendar.add_component(override)


def _master(entry: Entry, shape: Pattern) -> Event:
    event = _event(entry, shape.master)
    if shape.count > 1:
        event.add("RRULE", _rule(shape))
        if shape.missing:
            event.add("EXDATE", shape.missing)
    return event


def _rule(shape: Pattern) -> dict[str, object]:
    weeks, rest = divmod(shape.step_days, 7)
    if rest:
        return {"FREQ": "DAILY", "COUNT": shape.count}
    return {"FREQ": "WEEKLY", **({"INTERVAL": weeks} if weeks > 1 else {}), "COUNT": shape.count}


def _event(entry: Entry, span: Span) -> Event:
    event = Event()
    wall = ZoneInfo(entry.zone)
    event.add("UID", entry.uid)
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTAMP", entry.stamped_at.astimezone(UTC))
    event.add("DTSTART", span.starts_at.astimezone(wall))
    event.add("DTEND", span.ends_at.astimezone(wall))
    event.add("SUMMARY", clean(entry.summary))
    event.add("CLASS", "PRIVATE")
    event.add("STATUS", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    if span.place:
        event.add("LOCATION", clean(span.place))
    _add_people(event, entry)
    return event


def _add_people(event: Event, entry: Entry) -> None:
    if entry.organizer is not None:
        organizer = vCalAddress(entry.organizer.uri)
        organizer.params["CN"] = clean_name(entry.organizer.name)
        event.add("ORGANIZER", organizer)
    if entry.attendee is not None:
        attendee = vCalAddress(entry.attendee.uri)
        attendee.params["CN"] = clean_name(entry.attendee.name)
        # A reply would change nothing here, so none is requested (F96). The booking itself counts as accepted.
        attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
        event.add("ATTENDEE", attendee)
