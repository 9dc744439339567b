"""Expire dead holds: holds past their deadline. A verb that takes their time expires them first (F6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from backend.accounts.actor import Actor, system
from backend.transactions import assert_in_transaction, durable
from scheduling import events
from scheduling.models import Appointment, Attendance, Booking, Reservation
from scheduling.operations.bookings.status import move_step
from scheduling.operations.locks import lock_booking, lock_bookings, lock_groups


def free_step(*, bookings: Iterable[Booking], now: datetime) -> None:
    """Free all time of locked bookings: reservations, seats and appointments. Takes no resource lock."""
    assert_in_transaction()
    ids = [booking.pk for booking in bookings]
    active = Attendance.objects.active().filter(participant__booking__in=ids)
    attendances = dict(active.values_list("pk", "appointment"))
    lock_groups(attendances.values())
    Reservation.objects.unreleased().filter(attendance__in=attendances).update(released_at=now)
    Attendance.objects.filter(pk__in=attendances).update(status=Attendance.Status.CANCELLED)
    empty = Appointment.objects.filter(
        pk__in=attendances.values(), seats_taken=0, status=Appointment.Status.PLANNED
    ).exclude(service__party="group")
    left = list(empty.values_list("pk", flat=True))
    Reservation.objects.unreleased().filter(appointment__in=left).update(released_at=now)
    Appointment.objects.filter(pk__in=left).update(status=Appointment.Status.CANCELLED, cancelled_at=now)


def expire_step(*, bookings: Iterable[Booking], by: Actor, now: datetime) -> int:
    """Expire the dead holds among the locked bookings. Returns their number."""
    assert_in_transaction()
    dead = [one for one in bookings if one.is_held and not one.is_live_hold(now)]
    if not dead:
        return 0
    free_step(bookings=dead, now=now)
    for booking in dead:
        move_step(booking=booking, to=Booking.Status.EXPIRED, by=by, now=now, reason="the deadline passed")
        events.booking_expired(booking=booking, now=now)
    return len(dead)


def expire_on_step(*, resource_ids: Iterable[int], by: Actor, now: datetime) -> int:
    """Expire the dead holds that still reserve one of the locked resources. Returns their number."""
    assert_in_transaction()
    return expire_step(bookings=lock_bookings(dead_on(resource_ids, now=now)), by=by, now=now)


def lock_freeing_step(*, booking_id: int, resource_ids: Iterable[int], by: Actor, now: datetime) -> Booking:
    """Lock a booking, and expire other dead holds that still reserve one of the locked resources.

    All bookings are locked in one statement, before any group: a booking locked after a group could deadlock with a
    transaction that has the booking and waits for the group. An expired booking is locked alone: only a late payment
    is decided on it, and that transaction keeps it locked while it expires dead holds. Raises Booking.DoesNotExist.
    """
    assert_in_transaction()
    if Booking.objects.values_list("status", flat=True).get(pk=booking_id) == Booking.Status.EXPIRED:
        return lock_booking(booking_id)
    locked = {one.pk: one for one in lock_bookings({booking_id, *dead_on(resource_ids, now=now)})}
    booking = locked.pop(booking_id)
    expire_step(bookings=locked.values(), by=by, now=now)
    return booking


def dead_on(resource_ids: Iterable[int], *, now: datetime) -> set[int]:
    """Ids of the dead holds that still reserve one of the resources."""
    stale = Reservation.objects.dead(now).filter(resource__in=list(resource_ids))
    found = list(stale.values_list("pk", flat=True))
    if not found:  # the usual case, which needs no join
        return set()
    # The appointment reserves clinicians and rooms; the attendance reserves the client.
    through = "participant__booking"
    owners = Reservation.objects.filter(pk__in=found)
    pairs = owners.values_list(f"appointment__attendances__{through}", f"attendance__{through}")
    return {pk for pair in pairs for pk in pair if pk is not None}


@durable
def expire_due(*, now: datetime, limit: int = 200) -> int:
    """Sweep: expire up to `limit` dead holds, skipping those that others have locked. Returns their number."""
    due = Booking.objects.dead_holds(now)
    locked = due.order_by("pk").select_for_update(no_key=True, skip_locked=True)[:limit]
    return expire_step(bookings=list(locked), by=system("expire-holds"), now=now)
