"""One person's part in a booking: the visits that this person attends, and nothing of anybody else's (promise 9)."""

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
    """One appointment as one person attends it. Aware UTC; `location` answers for zone and desk."""

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
    """A participant with the client named, and their visits in order of time."""

    participant: Participant
    booking: Booking
    client: Client
    visits: list[Visit] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        """Where this person lives."""
        return ZoneInfo(self.client.zone)

    @property
    def days(self) -> list[list[Visit]]:
        """The visits, day by day of the location's calendar."""
        return [list(visits) for _, visits in groupby(self.visits, key=lambda visit: visit.day)]


def parts_of(booking: Booking) -> list[Part]:
    """The parts of all named people of a booking, in two queries. Visits are those not cancelled."""
    return parts_where(booking=booking)


def part_of(participant_id: int) -> Part | None:
    """One part, read anew; None if the participant has no name (any more)."""
    return next(iter(parts_where(pk=participant_id)), None)


def parts_where(**conditions: Any) -> list[Part]:
    """The parts of all named participants that meet `conditions`, in two queries."""
    named = Participant.objects.filter(**conditions).exclude(client=None)
    rows = list(named.select_related("client", "booking__location", "booking__service").order_by("track", "pk"))
    attended = Attendance.objects.active().filter(participant__in=[row.pk for row in rows])
    visits = attended.select_related("appointment__location").order_by("appointment__during", "pk")
    return _parts([(row, row.booking) for row in rows], visits)


def parts_from(booking: Booking, participants: Iterable[Participant], attendances: Iterable[Attendance]) -> list[Part]:
    """The same from rows at hand: the participants of a booking by track, and their attendances in order of time."""
    return _parts([(one, booking) for one in participants], attendances)


def _parts(named: Iterable[tuple[Participant, Booking]], attendances: Iterable[Attendance]) -> list[Part]:
    parts = {one.pk: Part(participant=one, booking=booking, client=one.client) for one, booking in named if one.client}
    for attendance in attendances:
        if attendance.participant_id in parts:
            parts[attendance.participant_id].visits.append(_visit(attendance))
    return list(parts.values())


def called_off(part: Part) -> list[Visit]:
    """What a cancelled booking had in it for this person when it was cancelled, in order of time."""
    return called_off_of([part])[part.participant.pk]


def called_off_of(parts: Iterable[Part]) -> dict[int, list[Visit]]:
    """`called_off` of several parts by participant, in one query."""
    by_id = {part.participant.pk: part for part in parts}
    gone = Attendance.objects.filter(participant__in=by_id).exclude(status__in=ACTIVE_ATTENDANCE)
    rows: dict[int, list[Attendance]] = {pk: [] for pk in by_id}
    for row in gone.select_related("appointment__location").order_by("appointment__during", "pk"):
        rows[row.participant_id].append(row)
    return {pk: _at_once(by_id[pk], mine) for pk, mine in rows.items()}


def _at_once(part: Part, rows: list[Attendance]) -> list[Visit]:
    """Times given up earlier (a move, a hold that ran out) are not what was cancelled with the booking."""
    at_once = [row for row in rows if row.appointment.cancelled_at == part.booking.cancelled_at]
    return [_visit(row) for row in at_once or rows]


def spans(visits: Sequence[Visit], *, with_place: bool) -> list[Span]:
    """Visits as calendars write them; the place of office visits only for who chose standard wording."""
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
