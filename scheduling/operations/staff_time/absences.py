"""Save time off and closures. Appointments in conflict become work items; they are not moved."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from backend.accounts.actor import system
from backend.transactions import assert_in_transaction
from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item
from scheduling.models import Appointment, Attendance, Closure, Reservation, Resource, TimeOff
from scheduling.models.booking import dead_hold
from scheduling.operations.bookings.expire import expire_step
from scheduling.operations.locks import lock_bookings, lock_resources

AWAY = "The clinician is away at this time. Find someone else or another time, then tell the client."
CLOSED = "It is closed at this time. Find another room or another time, then tell the client."


def save_time_off_step(*, row: TimeOff, now: datetime) -> int:
    """Save an absence and open a work item for each appointment in conflict. Returns the number of conflicts.

    The clinician is locked first: a booking made at the same moment is found here, or sees the absence. Dead holds in
    that time are expired, so that a late payment for one is decided against the absence (F45).
    """
    assert_in_transaction()
    lock_resources([row.clinician_id])
    _free_dead_step(_led_during(row), now=now)
    row.save()
    return _list_clashes_step(_led_during(row), words=AWAY, now=now)


def save_closure_step(*, row: Closure, now: datetime) -> int:
    """Save a closure and open a work item for each appointment in conflict. Returns the number of conflicts.

    A room's closure conflicts with visits in it; an office's with all visits led from it; the practice's with all.
    """
    assert_in_transaction()
    lock_resources(_locked_by(row).values_list("pk", flat=True))
    _free_dead_step(_held_during(row), now=now)
    row.save()
    return _list_clashes_step(_held_during(row), words=CLOSED, now=now)


def _locked_by(row: Closure) -> QuerySet[Resource]:
    # Work from home takes no room. A closure of the practice ends it too, so that one locks the clinicians as well.
    if row.room_id is not None:
        return Resource.objects.filter(pk=row.room_id)
    rooms = Resource.objects.filter(kind=Resource.Kind.ROOM)
    if row.location_id is not None:
        return rooms.filter(room__location=row.location_id)
    return rooms | Resource.objects.filter(kind=Resource.Kind.CLINICIAN)


def _led_during(row: TimeOff) -> QuerySet[Appointment]:
    taken = Reservation.objects.unreleased().filter(resource=row.clinician_id, during__overlap=row.during)
    return Appointment.objects.filter(pk__in=taken.values("appointment"))


def _held_during(row: Closure) -> QuerySet[Appointment]:
    # The visit counts without its buffers, so it may end when the office closes. `office` is empty for work from home,
    # which goes on while an office is closed.
    planned = Appointment.objects.filter(status=Appointment.Status.PLANNED, during__overlap=row.during)
    if row.room_id is not None:
        return planned.filter(room=row.room_id)
    return planned.filter(office=row.location_id) if row.location_id is not None else planned


def _free_dead_step(clashing: QuerySet[Appointment], *, now: datetime) -> None:
    # Live holds stay and are listed as conflicts: they may be paid in time. In a group only dead seats are freed.
    dead = Attendance.objects.active().filter(dead_hold(now, "participant__booking__"), appointment__in=clashing)
    bookings = lock_bookings(dead.values_list("participant__booking", flat=True))
    expire_step(bookings=bookings, by=system("expire-holds"), now=now)


def _list_clashes_step(clashing: QuerySet[Appointment], *, words: str, now: datetime) -> int:
    live = Reservation.objects.live(now).filter(appointment__isnull=False, during__endswith__gt=now)
    appointments = list(clashing.filter(pk__in=live.values("appointment")).order_by("pk"))
    for appointment in appointments:
        open_item(
            kind=WorkItem.Kind.CLASH,
            key=f"clash:{appointment.pk}",
            subject="appointment",
            subject_id=appointment.pk,
            location_id=appointment.location_id,
            words=words,
            now=now,
        )
    return len(appointments)
