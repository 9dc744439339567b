"""Open groups: the seats that are left in appointments that staff planned, and the decision on one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from psycopg.types.range import Range

from scheduling.availability.refusals import Reason, Refusal
from scheduling.availability.seats import Group, Meeting, SeatCriteria, reason_against
from scheduling.availability.snapshot import Mode as CoreMode
from scheduling.availability.timegrid.grid import Span
from scheduling.availability.timegrid.walltime import local_date
from scheduling.models import (
    Appointment,
    AppointmentClinician,
    Attendance,
    Clinician,
    Closure,
    Location,
    Mode,
    Reservation,
    Service,
    TimeOff,
)
from scheduling.queries.openings.criteria import not_for, notice_span
from scheduling.queries.openings.opening import Opening
from scheduling.queries.openings.search import Search, Wanted

# Local dates begin and end at most this far from those of UTC.
FURTHEST_ZONE = timedelta(days=1)


def group_openings(search: Search) -> list[Opening]:
    """Groups with a seat in every meeting, in order of time, place and mode: three statements at most for strangers,
    five for known clients, however many groups there are."""
    found = _Found.load(search)
    told = [_told(group, search.service, found) for group in found.groups if found.reason_against(group) is None]
    wanted = (one for one in told if is_asked_for(one, search))
    return sorted(wanted, key=lambda one: (one.starts_at, one.location.pk, one.mode, one.pins))


def is_asked_for(opening: Opening, search: Search) -> bool:
    """True if the mode and the clinician of a group are those of the search."""
    return search.mode in (None, opening.mode) and search.clinician in (None, *opening.clinicians)


def refused_groups(search: Search) -> list[tuple[Opening, Reason]]:
    """The groups that `search` cannot have, each with why, in order of time; the statements are those of a listing."""
    found = _Found.load(search)
    refused = [(_told(group, search.service, found), found.reason_against(group)) for group in found.groups]
    return sorted(
        ((opening, reason) for opening, reason in refused if reason is not None), key=lambda pair: pair[0].starts_at
    )


def decide_group(wanted: Wanted, *, now: datetime) -> Group | Refusal:
    """The group that an opening names, or why it cannot be had. Call it again with its appointments locked."""
    pin, found = wanted.pin, _Found.load(wanted.search(now))
    named = (pin.mode, pin.clinicians, pin.starts)
    group = next((one for one in found.groups if (one.mode, one.clinician_ids, one.starts) == named), None)
    if group is None or pin.every_n_weeks:
        return Refusal(Reason.TOO_SOON if pin.starts_at <= now else Reason.NOT_OFFERED)
    reason = found.reason_against(group)
    return group if reason is None else Refusal(reason)


@dataclass(frozen=True)
class _Found:
    groups: Sequence[Group]
    criteria: SeatCriteria
    locations: Mapping[int, Location]
    clinicians: Mapping[int, Clinician]

    @classmethod
    def load(cls, search: Search) -> _Found:
        rows = list(_appointments(search))
        clinicians = Clinician.objects.in_bulk({pk for row in rows for pk in row.lead_ids})
        locations = {row.location_id: row.location for row in rows}
        groups = [
            group
            for group in _grouped(rows)
            if search.first <= local_date(group.starts[0], locations[group.location_id].tzinfo) < search.until
        ]
        earliest, latest = notice_span(search.service, search.now, waive_notice=search.waive_notice)
        criteria = SeatCriteria(
            earliest=earliest,
            latest=latest,
            enrolls_at=search.enrolls_at or search.now,
            excluded_ids=not_for(search.service, clinicians, search.party),
        )
        return cls(groups, _with_own_time(criteria, groups, search), locations, clinicians)

    def reason_against(self, group: Group) -> Reason | None:
        return reason_against(group, self.criteria)


def _appointments(search: Search) -> QuerySet[Any]:
    """Planned appointments of the service that are still to come, of a cohort either all or none."""
    span = _span(search)
    still = Appointment.objects.filter(
        service=search.service,
        mode__in=search.service.modes,
        status=Appointment.Status.PLANNED,
        location__is_active=True,
        during__startswith__gt=search.now,
    )
    if search.location is not None:
        still = still.filter(location=search.location)
    cohorts = still.filter(during__overlap=span, cohort__isnull=False, cohort__cancelled_at=None).values("cohort")
    leads = AppointmentClinician.objects.filter(appointment=OuterRef("pk")).order_by("pk")
    return (
        still.filter(Q(cohort=None, during__overlap=span) | Q(cohort__in=cohorts))
        .annotate(
            lead_ids=ArraySubquery(leads.values("clinician")), taken=_seats_taken(search.now), is_stopped=_stopped()
        )
        .select_related("cohort", "location")
        .order_by("cohort", "during", "pk")
    )


def _stopped() -> Q:
    """What keeps a planned meeting from taking place, until the desk has seen to it: its office or room is closed, its
    room given up, or somebody who leads it is away, or has left."""
    during = {"during__overlap": OuterRef("during")}
    # Online work from home, which has no office and no room, goes on while offices are closed.
    there = Q(room=OuterRef("room")) | Q(location=OuterRef("office")) | Q(room=None, location=None)
    closed = Closure.objects.filter(there, **during)
    leads = AppointmentClinician.objects.filter(appointment=OuterRef("pk"))
    away = TimeOff.objects.filter(clinician__leads__appointment=OuterRef("pk"), **during)
    gone = leads.filter(clinician__is_active=False)
    return Q(room__is_active=False) | Q(Exists(closed)) | Q(Exists(away)) | Q(Exists(gone))


def _span(search: Search) -> Range[datetime]:
    first, until = (datetime.combine(day, time(), UTC) for day in (search.first, search.until))
    return Range(first - FURTHEST_ZONE, until + FURTHEST_ZONE, "[)")


def _seats_taken(now: datetime) -> Coalesce:
    # Not the count that the database keeps: that has the seats of dead holds in it, which are nobody's (F6).
    live = Attendance.objects.live(now).filter(appointment=OuterRef("pk"))
    return Coalesce(Subquery(live.order_by().values("appointment").annotate(many=Count("pk")).values("many")), 0)


def _grouped(rows: Iterable[Any]) -> list[Group]:
    # A row without a cohort is a group of its own.
    parted = groupby(rows, key=lambda row: (row.cohort_id, row.cohort_id or row.pk))
    return [_group(list(same)) for _, same in parted]


def _group(rows: Sequence[Any]) -> Group:
    first = rows[0]
    return Group(
        location_id=first.location_id,
        mode=CoreMode(first.mode),
        clinician_ids=tuple(first.lead_ids),
        meetings=tuple(_meeting(row) for row in rows),
        enroll_by=first.cohort.enroll_by if first.cohort else None,
    )


def _meeting(row: Any) -> Meeting:
    return Meeting(
        appointment_id=row.pk,
        span=_span_of(row.during),
        office_id=row.office_id if row.mode == Mode.OFFICE else None,
        seats_left=row.capacity - row.taken,
        stands=not row.is_stopped,
    )


def _with_own_time(criteria: SeatCriteria, groups: Sequence[Group], search: Search) -> SeatCriteria:
    """The wish of known clients: their own time, and that of those whom they are kept apart from. One statement."""
    mine = frozenset(search.party.client_ids)
    others = frozenset[int]().union(*search.party.apart.values())
    meetings = [meeting.span for group in groups for meeting in group.meetings]
    if not mine or not meetings:
        return criteria
    window = Range(min(span.start for span in meetings), max(span.end for span in meetings), "[)")
    rows = Reservation.objects.live(search.now).filter(resource__in=mine | others, during__overlap=window)
    taken = list(rows.select_related("attendance__appointment"))
    there = [row.attendance.appointment for row in taken if row.attendance and row.resource_id not in mine]
    return replace(
        criteria,
        busy=tuple(_span_of(row.during) for row in taken if row.resource_id in mine),
        avoided=tuple((one.office_id, _span_of(one.during)) for one in there if one.mode == Mode.OFFICE),
        avoided_ids=frozenset(one.pk for one in there),
    )


def _span_of(during: Range[datetime]) -> Span:
    assert during.lower is not None
    assert during.upper is not None
    return Span(during.lower, during.upper)


def _told(group: Group, service: Service, found: _Found) -> Opening:
    first = group.meetings[0].span
    return Opening(
        pins=group.clinician_ids,
        service=service,
        starts_at=first.start,
        ends_at=first.end,
        location=found.locations[group.location_id],
        mode=group.mode.value,
        clinicians=tuple(found.clinicians[pk] for pk in group.clinician_ids),
        further=group.starts[1:],
        seats_left=group.seats_left,
    )
