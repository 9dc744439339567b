"""Time taken out of the calendar: somebody is away, a room or an office is closed. Clashes are listed, not moved."""

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

AWAY = "The clinician is away at this time. Find somebody else or another time, then tell the client."
CLOSED = "It is closed at this time. Find another room or another time, then tell the client."


def save_time_off_step(*, row: TimeOff, now: datetime) -> int:
    """Save an absence and open an item for each appointment that it clashes with. Returns how many those are.

    The clinician is locked first: who books at the same moment is either seen here, or sees the absence. Dead holds in
    the way are freed, so that money which comes for them late is decided with the absence in sight (F45).
    """
    assert_in_transaction()
    lock_resources([row.clinician_id])
    _free_dead_step(_led_during(row), now=now)
    row.save()
    return _list_clashes_step(_led_during(row), words=AWAY, now=now)


def save_closure_step(*, row: Closure, now: datetime) -> int:
    """The same for a closure of a room, an office or the whole practice: visits in its rooms, and those of clinicians
    who sit there; of the whole practice also those from home."""
    assert_in_transaction()
    lock_resources(_locked_by(row).values_list("pk", flat=True))
    _free_dead_step(_held_during(row), now=now)
    row.save()
    return _list_clashes_step(_held_during(row), words=CLOSED, now=now)


def _locked_by(row: Closure) -> QuerySet[Resource]:
    # From home no room is taken: where that ends too, who works there is locked.
    if row.room_id is not None:
        return Resource.objects.filter(pk=row.room_id)
    rooms = Resource.objects.filter(kind=Resource.Kind.ROOM)
    if row.location_id is not None:
        return rooms.filter(room__location=row.location_id)
    return rooms | Resource.objects.filter(kind=Resource.Kind.CLINICIAN)


def _led_during(row: TimeOff) -> QuerySet[Appointment]:
    mine = Reservation.objects.unreleased().filter(resource=row.clinician_id, during__overlap=row.during)
    return Appointment.objects.filter(pk__in=mine.values("appointment"))


def _held_during(row: Closure) -> QuerySet[Appointment]:
    # The visit counts and not its buffers: one may end when the house closes. While an office is closed, online work
    # from home goes on.
    there = Appointment.objects.filter(status=Appointment.Status.PLANNED, during__overlap=row.during)
    if row.room_id is not None:
        return there.filter(room=row.room_id)
    return there.filter(office=row.location_id) if row.location_id is not None else there


def _free_dead_step(clashing: QuerySet[Appointment], *, now: datetime) -> None:
    # Of groups the dead seats. What is live now is listed instead: it may be paid in time.
    dead = Attendance.objects.active().filter(dead_hold(now, "participant__booking__"), appointment__in=clashing)
    bookings = lock_bookings(dead.values_list("participant__booking", flat=True))
    expire_step(bookings=bookings, by=system("expire-holds"), now=now)


def _list_clashes_step(clashing: QuerySet[Appointment], *, words: str, now: datetime) -> int:
    live = Reservation.objects.live(now).filter(appointment__isnull=False, during__endswith__gt=now)
    found = list(clashing.filter(pk__in=live.values("appointment")).order_by("pk"))
    for one in found:
        open_item(
            kind=WorkItem.Kind.CLASH,
            key=f"clash:{one.pk}",
            subject="appointment",
            subject_id=one.pk,
            location_id=one.location_id,
            words=words,
            now=now,
        )
    return len(found)
