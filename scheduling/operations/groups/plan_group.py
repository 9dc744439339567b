"""Opening a group: its appointments are planned before anybody books, and outlive every booking."""

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
    """A group cannot be opened like this; `str()` says why in words for staff."""


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
    """Plan a group of `service`: `times` appointments every `every_n_weeks` weeks at the same wall time of `location`,
    from `starts_at` (UTC) on, all or none, each led by all `clinicians`.

    With `enroll_by` (an instant) they are one cohort, booked as one until then by at least `minimum` people; without
    it they are booked one by one. Staff only. Raises NotOpened, Taken.
    """
    _refuse_plan(service, mode, len(clinicians), times, every_n_weeks, by)
    _refuse_enrollment(service, enroll_by, minimum, now)
    starts = _starts(starts_at, every_n_weeks, times, location)
    pin = OpeningId(
        service=service.slug,
        location=location.slug,
        mode=mode,
        starts_at=starts[0],
        clinicians=tuple(clinician.pk for clinician in clinicians),
        further=tuple(starts[1:]),
    )
    # Who is new is asked of those who take the seats.
    wanted = Wanted(pin=pin, service=service, location=location, party=Party(known=True), waive_notice=True)
    cohort = None
    if enroll_by is not None:
        cohort = Cohort(service=service, location=location, enroll_by=enroll_by, minimum=minimum, created_at=now)
    with refusing_overlap():
        return durable(open_group_step)(wanted=wanted, cohort=cohort, by=by, now=now)


def open_group_step(*, wanted: Wanted, cohort: Cohort | None, by: Actor, now: datetime) -> list[Appointment]:
    """Lock, decide as any other opening is decided, and write. The pinned clinicians all lead. Raises Taken."""
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
    """Each clinician's own time for every start; the room is the first one's, and big enough for all."""
    pin = wanted.pin
    alone = [replace(wanted, pin=replace(pin, clinicians=(one,))) for one in pin.clinicians]
    each = [decide_step(wanted=one, now=now, leads=len(pin.clinicians)) for one in alone]
    return [_together(same) for same in zip(*each, strict=True)]


def _together(same: Sequence[AppointmentDraft]) -> AppointmentDraft:
    first, *others = same
    if any(one.office_id != first.office_id for one in others):
        # One appointment is in one place: nobody leads it from home while somebody else is at an office.
        raise Taken(Reason.OUTSIDE_HOURS)
    theirs = (row for one in others for row in one.reserved if row[0] != one.room_id)
    leads = tuple(lead for one in same for lead in one.leads)
    return replace(first, leads=leads, reserved=(*first.reserved, *theirs))


def _refuse_plan(service: Service, mode: str, clinicians: int, times: int, every_n_weeks: int, by: Actor) -> None:
    _refuse(
        (not (by.is_staff or by.system), "Groups are opened by staff."),
        (service.party != Service.Party.GROUP or service.is_program, "This service is not for groups."),
        (mode not in service.modes, "This service does not meet in that way. Choose one of its own ways to meet."),
        (clinicians < 1, "Somebody has to lead a group."),
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
    """The sweep: of each cohort that has too few people when enrollment ends, tell the desk, once. Returns how many.

    Nobody is cancelled: a person decides.
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
    """Cohorts past their last moment to enroll that are still to meet, with `enrolled` confirmed people: too few."""
    to_come = Appointment.objects.filter(
        cohort=OuterRef("pk"), status=Appointment.Status.PLANNED, during__startswith__gt=now
    )
    told = WorkItem.objects.filter(key=Concat(Value(KEY), Cast(OuterRef("pk"), CharField())))
    enrolled = Q(
        appointments__attendances__status__in=ACTIVE_ATTENDANCE,
        appointments__attendances__participant__booking__status="confirmed",
    )
    return (
        Cohort.objects.filter(~Exists(told), Exists(to_come), enroll_by__lte=now, cancelled_at=None)
        .annotate(enrolled=Count("appointments__attendances__participant", distinct=True, filter=enrolled))
        .filter(enrolled__lt=F("minimum"))
        .order_by("pk")
    )
