"""Seats left in groups that staff have opened: list them, and decide on one."""

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

# A local date starts and ends at most this far from the same UTC date.
FURTHEST_ZONE = timedelta(days=1)


def group_openings(search: Search) -> list[Opening]:
    """Groups with a free seat in every meeting, in order of time, place and mode.

    Takes at most three statements for strangers and five for known clients, for any number of groups.
    """
    found = _Found.load(search)
    free = [_opening(group, search.service, found) for group in found.groups if found.reason_against(group) is None]
    matching = (one for one in free if is_asked_for(one, search))
    return sorted(matching, key=lambda one: (one.starts_at, one.location.pk, one.mode, one.pins))


def is_asked_for(opening: Opening, search: Search) -> bool:
    """True if a group has the mode and the clinician that the search asks for, if any."""
    return search.mode in (None, opening.mode) and search.clinician in (None, *opening.clinicians)


def refused_groups(search: Search) -> list[tuple[Opening, Reason]]:
    """Groups that cannot be booked, each with its reason, in order of time, in the statements of a listing."""
    found = _Found.load(search)
    refused = [(_opening(group, search.service, found), found.reason_against(group)) for group in found.groups]
    return sorted(
        ((opening, reason) for opening, reason in refused if reason is not None), key=lambda pair: pair[0].starts_at
    )


def decide_group(wanted: Wanted, *, now: datetime) -> Group | Refusal:
    """The group of an opening, or a refusal. Call it again once the group's appointments are locked."""
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
    """Upcoming planned appointments of the service. A cohort with one in the window comes with all that are left."""
    span = _span(search)
    upcoming = Appointment.objects.filter(
        service=search.service,
        mode__in=search.service.modes,
        status=Appointment.Status.PLANNED,
        location__is_active=True,
        during__startswith__gt=search.now,
    )
    if search.location is not None:
        upcoming = upcoming.filter(location=search.location)
    cohorts = upcoming.filter(during__overlap=span, cohort__isnull=False, cohort__cancelled_at=None).values("cohort")
    leads = AppointmentClinician.objects.filter(appointment=OuterRef("pk")).order_by("pk")
    return (
        upcoming.filter(Q(cohort=None, during__overlap=span) | Q(cohort__in=cohorts))
        .annotate(
            lead_ids=ArraySubquery(leads.values("clinician")), taken=_seats_taken(search.now), is_stopped=_stopped()
        )
        .select_related("cohort", "location")
        .order_by("cohort", "during", "pk")
    )


def _stopped() -> Q:
    """Condition: a planned meeting cannot take place until the desk acts.

    Its office or room is closed, its room is not active, or a clinician who leads it is away or has left.
    """
    during = {"during__overlap": OuterRef("during")}
    # Online work from home has no office and no room, so only a closure of the whole practice stops it.
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
    # The count that the database keeps includes seats of dead holds, which are free (F6).
    live = Attendance.objects.live(now).filter(appointment=OuterRef("pk"))
    return Coalesce(Subquery(live.order_by().values("appointment").annotate(many=Count("pk")).values("many")), 0)


def _grouped(rows: Iterable[Any]) -> list[Group]:
    # An appointment without a cohort is a group by itself.
    by_cohort = groupby(rows, key=lambda row: (row.cohort_id, row.cohort_id or row.pk))
    return [_group(list(same)) for _, same in by_cohort]


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
    """Add busy times of known clients and appointments of people they must not meet to `criteria`, in one statement."""
    clients = frozenset(search.party.client_ids)
    avoided = frozenset[int]().union(*search.party.apart.values())
    meetings = [meeting.span for group in groups for meeting in group.meetings]
    if not clients or not meetings:
        return criteria
    window = Range(min(span.start for span in meetings), max(span.end for span in meetings), "[)")
    rows = Reservation.objects.live(search.now).filter(resource__in=clients | avoided, during__overlap=window)
    taken = list(rows.select_related("attendance__appointment"))
    of_avoided = [row.attendance.appointment for row in taken if row.attendance and row.resource_id not in clients]
    return replace(
        criteria,
        busy=tuple(_span_of(row.during) for row in taken if row.resource_id in clients),
        avoided=tuple((one.office_id, _span_of(one.during)) for one in of_avoided if one.mode == Mode.OFFICE),
        avoided_ids=frozenset(one.pk for one in of_avoided),
    )


def _span_of(during: Range[datetime]) -> Span:
    assert during.lower is not None
    assert during.upper is not None
    return Span(during.lower, during.upper)


def _opening(group: Group, service: Service, found: _Found) -> Opening:
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
