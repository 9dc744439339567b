"""Write the calendar entry that a person gets by mail for their part."""

from __future__ import annotations

from collections.abc import Sequence

from scheduling.ical.entry import Entry, Person
from scheduling.ical.write import invite
from scheduling.models import CalendarObject, Client, Practice
from scheduling.queries.people.parts import Part, Visit, spans


def calendar_part(
    entry: CalendarObject, part: Part, visits: Sequence[Visit], *, practice: Practice
) -> tuple[str, str] | None:
    """(METHOD, iCalendar text) for the calendar object in its current state; None without visits."""
    if not visits:
        return None
    is_standard = part.client.wording == Client.Wording.STANDARD
    is_cancelled = entry.last_method == CalendarObject.Method.CANCEL
    method = "CANCEL" if is_cancelled else "REQUEST"
    event = Entry(
        uid=entry.uid,
        sequence=entry.sequence,
        stamped_at=entry.stamped_at,
        zone=visits[0].location.zone,
        spans=spans(visits, with_place=is_standard),
        organizer=Person(name=practice.short_name, email=entry.organizer),
        attendee=Person(name=part.client.name_to_use, email=part.client.email),
        is_cancelled=is_cancelled,
    )
    return method, invite(event, method=method)
