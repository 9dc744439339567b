"""Groups: seats in appointments that staff planned, and the decision on them.

What is listed and what is decided under lock ask the same question, `reason_against` (F13).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from scheduling.availability.refusals import Reason
from scheduling.availability.snapshot import Mode
from scheduling.availability.timegrid.grid import Span


class Meeting(NamedTuple):
    """One group appointment. `office_id`: where its clients come to, None if they come to no office. `stands`: False if
    it cannot take place as it is planned."""

    appointment_id: int
    span: Span
    office_id: int | None
    seats_left: int
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """What is booked as one: the meetings of a cohort that are still to come, or a single one; never none.

    `meetings` are in order of time, `clinician_ids` lead the first of them. `enroll_by` is an instant, None without
    a cohort.
    """

    location_id: int
    mode: Mode
    clinician_ids: tuple[int, ...]
    meetings: tuple[Meeting, ...]
    enroll_by: datetime | None = None

    @property
    def starts(self) -> tuple[datetime, ...]:
        """Every start, UTC."""
        return tuple(meeting.span.start for meeting in self.meetings)

    @property
    def seats_left(self) -> int:
        """For how many there is a seat in every meeting."""
        return min(meeting.seats_left for meeting in self.meetings)

    @property
    def appointment_ids(self) -> frozenset[int]:
        return frozenset(meeting.appointment_id for meeting in self.meetings)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCriteria:
    """Who wants a seat, and when they ask.

    The first start s has earliest <= s < latest (UTC, from notice and horizon); `enrolls_at` is before `enroll_by`.
    `excluded_ids`: clinicians not to be offered. `busy`: the client's own time. `avoided`: where and when somebody
    is in an office whom the client is kept apart from; `avoided_ids`: the appointments in which they sit.
    """

    earliest: datetime
    latest: datetime
    enrolls_at: datetime
    excluded_ids: frozenset[int] = frozenset()
    busy: tuple[Span, ...] = ()
    avoided: tuple[tuple[int | None, Span], ...] = ()
    avoided_ids: frozenset[int] = frozenset()


def reason_against(group: Group, criteria: SeatCriteria) -> Reason | None:
    """The first rule that a seat in every meeting of `group` would break; None if it can be had.

    Whose time stands in the way is not told: the client's own and that of others are both TAKEN.
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


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
