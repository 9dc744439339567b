"""One person's part in a booking: the visits that this person attends, and no other person's (promise 9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from scheduling.ical.entry import Span
from scheduling.models import Attendance, Booking, Client, Location, Participant
from scheduling.models.appointment import ACTIVE_ATTENDANCE


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One appointment as one person attends it. Instants are UTC; `location` gives the time zone and the desk."""

    starts_at: datetime
    ends_at: datetime
    mode: str
    location: Location

    @property
    def day(self) -> date:
        """The date on the location's calendar."""
        return self.starts_at.astimezone(self.location.tzinfo).date()


@dataclass(frozen=True, kw_only=True)
class Part:
    """A named participant with the client and their visits, in order of time."""

    participant: Participant
    booking: Booking
    client: Client
    visits: list[Visit] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of the client."""
        return ZoneInfo(self.client.zone)

    @property
    def days(self) -> list[list[Visit]]:
        """Visits grouped by local date of their location."""
        return [list(visits) for _, visits in groupby(self.visits, key=lambda visit: visit.day)]


def parts_of(booking: Booking) -> list[Part]:
    """Parts of all named people of a booking, in two queries. Only active attendances are visits."""
    return parts_where(booking=booking)


def part_of(participant_id: int) -> Part | None:
    """One part, read from the database; None if the participant is not named."""
    return next(iter(parts_where(pk=participant_id)), None)


def parts_where(**conditions: Any) -> list[Part]:
    """Parts of all named participants that meet `conditions` (filter arguments), in two queries."""
    named = Participant.objects.filter(**conditions).exclude(client=None)
    rows = list(named.select_related("client", "booking__location", "booking__service").order_by("track", "pk"))
    attended = Attendance.objects.active().filter(participant__in=[row.pk for row in rows])
    visits = attended.select_related("appointment__location").order_by("appointment__during", "pk")
    return _parts([(row, row.booking) for row in rows], visits)


def parts_from(booking: Booking, participants: Iterable[Participant], attendances: Iterable[Attendance]) -> list[Part]:
    """Parts from rows that were read already: participants by track, and their attendances in order of time."""
    return _parts([(one, booking) for one in participants], attendances)


def _parts(named: Iterable[tuple[Participant, Booking]], attendances: Iterable[Attendance]) -> list[Part]:
    parts = {one.pk: Part(participant=one, booking=booking, client=one.client) for one, booking in named if one.client}
    for attendance in attendances:
        if attendance.participant_id in parts:
            parts[attendance.participant_id].visits.append(_visit(attendance))
    return list(parts.values())


def called_off(part: Part) -> list[Visit]:
    """Visits that this person lost when the booking was canceled, in order of time."""
    return called_off_of([part])[part.participant.pk]


def called_off_of(parts: Iterable[Part]) -> dict[int, list[Visit]]:
    """`called_off` for several parts, by participant id, in one query."""
    by_id = {part.participant.pk: part for part in parts}
    gone = Attendance.objects.filter(participant__in=by_id).exclude(status__in=ACTIVE_ATTENDANCE)
    rows: dict[int, list[Attendance]] = {pk: [] for pk in by_id}
    for row in gone.select_related("appointment__location").order_by("appointment__during", "pk"):
        rows[row.participant_id].append(row)
    return {pk: _cancelled_with_booking(by_id[pk], lost) for pk, lost in rows.items()}


def _cancelled_with_booking(part: Part, rows: list[Attendance]) -> list[Visit]:
    """Visits canceled at the same instant as the booking, which leaves out times freed earlier; all if none match."""
    same_instant = [row for row in rows if row.appointment.cancelled_at == part.booking.cancelled_at]
    return [_visit(row) for row in same_instant or rows]


def spans(visits: Sequence[Visit], *, with_place: bool) -> list[Span]:
    """Visits as calendar spans; `with_place` adds the address of visits at an office."""
    return [
        Span(
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            place=visit.location.address if with_place and visit.mode == "office" else "",
        )
        for visit in visits
    ]


def _visit(attendance: Attendance) -> Visit:
    appointment = attendance.appointment
    return Visit(
        starts_at=appointment.during.lower,
        ends_at=appointment.during.upper,
        mode=appointment.mode,
        location=appointment.location,
    )
