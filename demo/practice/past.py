"""Outcomes of past visits. There is no verb for them yet, so the rows are written here."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from backend.outbox.models import Delivery
from backend.transactions import durable
from scheduling.models import Attendance, Booking, Clinician, Reservation
from scheduling.operations.bookings.status import move_step
from scheduling.queries.openings.opening import get_service

from .clients import person
from .scene import Scene, has_booked, look

# Outcomes of visits a few days ago, by the person's number. The others attended.
PAST = range(80, 88)
OUTCOMES = {81: "no_show", 82: "late_cancelled", 83: "cancelled", 84: "arrived"}
CLINICIAN = "Saffron Delacourt-Hay"


def book_past_visits(scene: Scene) -> None:
    """Book visits in the last days, whichever weeks are filled, so that each outcome occurs."""
    first, until = scene.today - timedelta(days=9), scene.today
    now = scene.called(first - timedelta(days=1))
    found = look(
        service=get_service("individual"),
        first=first,
        until=until,
        now=now,
        clinician=scene.clinicians[CLINICIAN],
        waive_notice=True,
    )
    starts = [one for one in found if one.starts_at.minute == 0]
    for number, opening in zip(PAST, starts, strict=False):
        if not has_booked(number):
            scene.book(opening, [number], now)


def settle_the_past(scene: Scene) -> None:
    """Mark past visits as attended, except for a few, and withdraw their reminders."""
    _settle_attendances(scene)
    _complete(scene)
    Delivery.objects.filter(status=Delivery.Status.PLANNED, purpose="reminder", due_at__lte=scene.now).update(
        status=Delivery.Status.WITHDRAWN, finished_at=scene.now
    )
    Clinician.objects.filter(name="Ignatius Thistlewood").update(takes_new_clients=False)  # his calendar is full


@durable
def _settle_attendances(scene: Scene) -> None:
    over = Attendance.objects.filter(
        status="booked", appointment__during__endswith__lte=scene.now, participant__booking__status="confirmed"
    )
    for number, status in OUTCOMES.items():
        mine = over.filter(participant__client__email=person(number).email)
        mine.update(status=status, arrived_at=scene.now - timedelta(days=1) if status == "arrived" else None)
    over.filter(pk__iregex=r"7$").update(status=Attendance.Status.NO_SHOW)
    over.filter(pk__iregex=r"[38]3$").update(status=Attendance.Status.LATE_CANCELLED)
    over.update(status=Attendance.Status.ATTENDED)
    given_up = Q(attendance__status="cancelled") | Q(appointment__status="cancelled")
    Reservation.objects.filter(given_up, released_at=None).update(released_at=scene.now)


@durable
def _complete(scene: Scene) -> None:
    """Complete the bookings that have no visit to come."""
    to_come = Attendance.objects.filter(appointment__during__endswith__gt=scene.now).values("participant__booking")
    confirmed = Booking.objects.filter(status=Booking.Status.CONFIRMED).exclude(kind=Booking.Kind.STANDING)
    open_still = Attendance.objects.filter(status="arrived").values("participant__booking")
    done = confirmed.exclude(pk__in=to_come).exclude(pk__in=open_still)
    for booking in done.order_by("pk").select_for_update(no_key=True, of=("self",)):
        move_step(booking=booking, to=Booking.Status.COMPLETED, by=scene.by, now=scene.now, reason="the last visit")
