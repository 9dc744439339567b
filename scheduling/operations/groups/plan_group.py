"""Open a group: plan its appointments before anybody books. They stay when bookings end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction, durable
from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item
from scheduling.availability.refusals import Reason
from scheduling.availability.timegrid.recurrence import repeated
from scheduling.models import Appointment, Clinician, Cohort, Location, Service
from scheduling.models.appointment import ACTIVE_ATTENDANCE
from scheduling.opening_id import MOST_STARTS, OpeningId
from scheduling.operations.bookings.decide import AppointmentDraft, decide_step
from scheduling.operations.bookings.expire import expire_on_step
from scheduling.operations.bookings.refused import Taken, refusing_overlap
from scheduling.operations.bookings.take import reservable
from scheduling.operations.bookings.write import reserve_step, write_leads_step
from scheduling.operations.locks import lock_resources
from scheduling.queries.openings.criteria import Party
from scheduling.queries.openings.search import Wanted
from scheduling.queries.openings.series import MOST_WEEKS_BETWEEN

KEY = "short-cohort:"


class NotOpened(Exception):
    """The group cannot be opened; `str()` says why, in words for staff."""


def open_group(
    *,
    service: Service,
    location: Location,
    clinicians: Sequence[Clinician],
    mode: str,
    starts_at: datetime,
    times: int = 1,
    every_n_weeks: int = 1,
    enroll_by: datetime | None = None,
    minimum: int = 1,
    by: Actor,
    now: datetime,
) -> list[Appointment]:
    """Plan a group of `service`: all of its appointments, or none. Only staff may. Raises NotOpened, Taken.

    `times` appointments, every `every_n_weeks` weeks at the same wall time of `location`, the first at `starts_at`
    (UTC), each led by all `clinicians`. With `enroll_by` (an instant) they are one cohort, booked as one until then,
    meant for at least `minimum` people. Without it each appointment is booked separately.
    """
    _refuse_plan(service, mode, len(clinicians), times, every_n_weeks, by)
    _refuse_enrollment(service, enroll_by, minimum, now)
    starts = _starts(starts_at, every_n_weeks, times, location)
    wanted = wanted_group(service, location, clinicians, mode, starts)
    cohort = None
    if enroll_by is not None:
        cohort = Cohort(service=service, location=location, enroll_by=enroll_by, minimum=minimum, created_at=now)
    with refusing_overlap():
        return durable(open_group_step)(wanted=wanted, cohort=cohort, by=by, now=now)


def wanted_group(
    service: Service, location: Location, clinicians: Sequence[Clinician], mode: str, starts: Sequence[datetime]
) -> Wanted:
    """The opening that a group's appointments are decided as. `starts`: UTC, in order."""
    pin = OpeningId(
        service=service.slug,
        location=location.slug,
        mode=mode,
        starts_at=starts[0],
        clinicians=tuple(clinician.pk for clinician in clinicians),
        further=tuple(starts[1:]),
    )
    # `known`: the rule about new clients is checked when seats are taken.
    return Wanted(pin=pin, service=service, location=location, party=Party(known=True), waive_notice=True)


def open_group_step(*, wanted: Wanted, cohort: Cohort | None, by: Actor, now: datetime) -> list[Appointment]:
    """Lock the resources, decide every start like any opening, and write. All pinned clinicians lead. Raises Taken."""
    assert_in_transaction()
    resources = lock_resources(reservable(wanted))
    expire_on_step(resource_ids=resources, by=by, now=now)
    drafts = _decided_step(wanted, now)
    if cohort is not None:
        cohort.save(force_insert=True)
    appointments = Appointment.objects.bulk_create(
        Appointment(
            service=wanted.service,
            cohort=cohort,
            during=(one.start, one.end),
            mode=wanted.pin.mode,
            location=wanted.location,
            office_id=one.office_id,
            room_id=one.room_id,
            capacity=wanted.service.capacity,
        )
        for one in drafts
    )
    pairs = list(zip(appointments, drafts, strict=True))
    write_leads_step(pairs=pairs)
    reserve_step(pairs=pairs, held_until=None)
    return appointments


def _decided_step(wanted: Wanted, now: datetime) -> list[AppointmentDraft]:
    """Decide every start for each clinician, then combine. The room is the first clinician's and holds all leads."""
    pin = wanted.pin
    alone = [replace(wanted, pin=replace(pin, clinicians=(one,))) for one in pin.clinicians]
    each = [decide_step(wanted=one, now=now, leads=len(pin.clinicians)) for one in alone]
    return [_together(same) for same in zip(*each, strict=True)]


def _together(same: Sequence[AppointmentDraft]) -> AppointmentDraft:
    first, *others = same
    if any(one.office_id != first.office_id for one in others):
        # An appointment has one place: its leads cannot be at home and at an office.
        raise Taken(Reason.OUTSIDE_HOURS)
    by_others = (row for one in others for row in one.reserved if row[0] != one.room_id)
    leads = tuple(lead for one in same for lead in one.leads)
    return replace(first, leads=leads, reserved=(*first.reserved, *by_others))


def _refuse_plan(service: Service, mode: str, clinicians: int, times: int, every_n_weeks: int, by: Actor) -> None:
    _refuse(
        (not (by.is_staff or by.system), "Groups are opened by staff."),
        (service.party != Service.Party.GROUP or service.is_program, "This service is not for groups."),
        (mode not in service.modes, "This service does not meet in that way. Choose one of its own ways to meet."),
        (clinicians < 1, "A group needs a leader."),
        (not 1 <= times <= MOST_STARTS, f"A group meets at most {MOST_STARTS} times."),
        (
            not 1 <= every_n_weeks <= MOST_WEEKS_BETWEEN,
            f"A group meets every week, or every 2 to {MOST_WEEKS_BETWEEN} weeks.",
        ),
    )


def _refuse_enrollment(service: Service, enroll_by: datetime | None, minimum: int, now: datetime) -> None:
    _refuse(
        (enroll_by is not None and enroll_by <= now, "The last moment to enroll is over."),
        (enroll_by is None and minimum > 1, "Without a last moment to enroll there is no minimum."),
        (not 1 <= minimum <= service.capacity, "The minimum is more than there are seats."),
    )


def _refuse(*rules: tuple[bool, str]) -> None:
    for wrong, words in rules:
        if wrong:
            raise NotOpened(words)


def _starts(first: datetime, every_n_weeks: int, times: int, location: Location) -> list[datetime]:
    starts = []
    for one in repeated(first, every_n_weeks, times, location.tzinfo):
        if one.start is None:
            raise NotOpened(one.fault)
        starts.append(one.start)
    return starts


@durable
def report_short_cohorts(*, now: datetime, limit: int = 50) -> int:
    """Sweep: open one work item for each cohort whose enrollment ended with too few people. Returns their number.

    Nothing is canceled: the desk decides.
    """
    short = list(_short(now)[:limit])
    for cohort in short:
        open_item(
            kind=WorkItem.Kind.DEADLINE,
            key=f"{KEY}{cohort.pk}",
            subject="cohort",
            subject_id=cohort.pk,
            location_id=cohort.location_id,
            words=f"Enrollment has ended with {cohort.enrolled} of at least {cohort.minimum} people. "
            "Decide whether the group takes place.",
            now=now,
        )
    return len(short)


def _short(now: datetime) -> QuerySet[Any]:
    """Cohorts past `enroll_by` with a meeting to come, too few confirmed people (`enrolled`), and no work item yet."""
    to_come = Appointment.objects.filter(
        cohort=OuterRef("pk"), status=Appointment.Status.PLANNED, during__startswith__gt=now
    )
    reported = WorkItem.objects.filter(key=Concat(Value(KEY), Cast(OuterRef("pk"), CharField())))
    enrolled = Q(
        appointments__attendances__status__in=ACTIVE_ATTENDANCE,
        appointments__attendances__participant__booking__status="confirmed",
    )
    return (
        Cohort.objects.filter(~Exists(reported), Exists(to_come), enroll_by__lte=now, cancelled_at=None)
        .annotate(enrolled=Count("appointments__attendances__participant", distinct=True, filter=enrolled))
        .filter(enrolled__lt=F("minimum"))
        .order_by("pk")
    )
