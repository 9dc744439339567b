"""One person's part in a booking: the visits that this person attends, and nothing of anybody else's (promise 9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

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
    return _parts(Participant.objects.filter(booking=booking))


def part_of(participant_id: int) -> Part | None:
    """One part, read anew; None if the participant has no name (any more)."""
    return next(iter(_parts(Participant.objects.filter(pk=participant_id))), None)


def called_off(part: Part) -> list[Visit]:
    """What a cancelled booking had in it for this person when it was cancelled, in order of time."""
    gone = Attendance.objects.filter(participant=part.participant).exclude(status__in=ACTIVE_ATTENDANCE)
    rows = list(gone.select_related("appointment__location").order_by("appointment__during"))
    # Times given up earlier (a move, a hold that ran out) are not what was cancelled now.
    at_once = [row for row in rows if row.appointment.cancelled_at == part.booking.cancelled_at]
    return [_visit(row) for row in at_once or rows]


def _parts(participants: QuerySet[Participant]) -> list[Part]:
    named = participants.exclude(client=None).select_related("client", "booking__location", "booking__service")
    parts = {
        one.pk: Part(participant=one, booking=one.booking, client=one.client) for one in named.order_by("track", "pk")
    }
    attended = Attendance.objects.filter(participant__in=parts, status__in=ACTIVE_ATTENDANCE)
    for attendance in attended.select_related("appointment__location").order_by("appointment__during"):
        parts[attendance.participant_id].visits.append(_visit(attendance))
    return list(parts.values())


def _visit(attendance: Attendance) -> Visit:
    appointment = attendance.appointment
    return Visit(
        starts_at=appointment.during.lower,
        ends_at=appointment.during.upper,
        mode=appointment.mode,
        location=appointment.location,
    )
