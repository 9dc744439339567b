"""Seats in groups: whether one client can take a seat in appointments that staff planned.

Listing and the decision under lock both call `reason_against`, so a listed seat can be booked (F13).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from scheduling.availability.refusals import Reason
from scheduling.availability.snapshot import Mode
from scheduling.availability.timegrid.grid import Span


class Meeting(NamedTuple):
    """One group appointment.

    `office_id`: the office that clients come to, None if they come to no office. `stands`: False if the appointment
    cannot take place as planned.
    """

    appointment_id: int
    span: Span
    office_id: int | None
    seats_left: int
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """The meetings that are booked together: the remaining ones of a cohort, or one open meeting; at least one.

    `meetings` are in order of time. `clinician_ids` lead the first of them. `enroll_by`: the UTC instant at which
    enrollment in the cohort closes; None without a cohort.
    """

    location_id: int
    mode: Mode
    clinician_ids: tuple[int, ...]
    meetings: tuple[Meeting, ...]
    enroll_by: datetime | None = None

    @property
    def starts(self) -> tuple[datetime, ...]:
        """The UTC start of every meeting."""
        return tuple(meeting.span.start for meeting in self.meetings)

    @property
    def seats_left(self) -> int:
        """How many more people can have a seat in every meeting."""
        return min(meeting.seats_left for meeting in self.meetings)

    @property
    def appointment_ids(self) -> frozenset[int]:
        return frozenset(meeting.appointment_id for meeting in self.meetings)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCriteria:
    """The rules for one client's seat.

    The first start s must have `earliest` <= s < `latest` (UTC, from notice and horizon), and `enrolls_at` must be
    before the group's `enroll_by`. `excluded_ids`: clinicians not to be offered. `busy`: spans of the client's own
    appointments. `avoided`: (office id, span) in which somebody is there whom the client must not meet.
    `avoided_ids`: ids of the appointments that such a person attends.
    """

    earliest: datetime
    latest: datetime
    enrolls_at: datetime
    excluded_ids: frozenset[int] = frozenset()
    busy: tuple[Span, ...] = ()
    avoided: tuple[tuple[int | None, Span], ...] = ()
    avoided_ids: frozenset[int] = frozenset()


def reason_against(group: Group, criteria: SeatCriteria) -> Reason | None:
    """The first rule that a seat in every meeting of `group` would break; None if the seat can be booked.

    TAKEN does not tell whether the client's own time or another person's is in the way, so it gives nobody away.
    """
    if not criteria.excluded_ids.isdisjoint(group.clinician_ids):
        return Reason.NOT_OFFERED
    if group.starts[0] < criteria.earliest:
        return Reason.TOO_SOON
    if group.starts[0] >= criteria.latest:
        return Reason.TOO_FAR
    if group.enroll_by is not None and criteria.enrolls_at >= group.enroll_by:
        return Reason.CLOSED_TO_NEW
    if group.seats_left < 1:
        return Reason.FULL
    return Reason.TAKEN if any(_is_barred(meeting, criteria) for meeting in group.meetings) else None


def _is_barred(meeting: Meeting, criteria: SeatCriteria) -> bool:
    if not meeting.stands or meeting.appointment_id in criteria.avoided_ids:
        return True
    if any(_overlap(meeting.span, span) for span in criteria.busy):
        return True
    return any(office == meeting.office_id and _overlap(meeting.span, span) for office, span in criteria.avoided)


def _overlap(first: Span, second: Span) -> bool:
    return first.start < second.end and second.start < first.end
