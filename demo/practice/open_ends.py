"""Bookings in all other states: requests, holds, released and expired holds, a cancellation, an unasked partner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from backend.accounts.actor import Actor
from backend.accounts.models import digest_of
from backend.transactions import durable
from backend.worklist.models import WorkItem
from backend.worklist.operations import resolve
from scheduling import events
from scheduling.models import Booking, Participant
from scheduling.operations.bookings.expire import expire_due, free_step
from scheduling.operations.bookings.hold import hold, hold_for
from scheduling.operations.bookings.release import release
from scheduling.operations.bookings.request import request_booking
from scheduling.operations.bookings.status import move_step
from scheduling.operations.clients import Person
from scheduling.operations.locks import lock_booking
from scheduling.queries.openings.opening import Opening, get_service

from .clients import person
from .scene import Scene, has_booked, look

THREE_DAYS = 3 * 24 * 60
# Numbers of the people in this part. A couple has two numbers in a row.
ASKED, DECLINED, WITHDRAWN, CALLER, LATE, LET_GO = range(30, 36)
CANCELLED, COUPLE, TALKED = 38, 40, 42
STRANGER = Actor(holder=digest_of("a browser that looks at times"))


def leave_open(scene: Scene) -> None:
    """Add one booking in each state, from next week on."""
    _ask(scene, ASKED, "5-day", "Any week in the new year, mornings if possible.")
    _answer(_ask(scene, DECLINED, "group", "A group in the evening."), Booking.Status.DECLINED, scene)
    _answer(_ask(scene, WITHDRAWN, "first-call", "Tuesday after four."), Booking.Status.WITHDRAWN, scene)
    _call_first(scene)
    _hold(scene)
    _let_run_out(scene)
    _let_go(scene)
    _cancel(scene)
    _introduce(scene)


def free(scene: Scene, slug: str, *, clinician: str = "", at: int = 0, now: datetime | None = None) -> Opening | None:
    """The opening at position `at` from next week on, or the last; None if there is none in the dates searched."""
    first = scene.today + timedelta(days=7)
    service = get_service(slug)
    found = look(
        service=service,
        first=first,
        until=first + timedelta(days=180 if service.is_program else 21),
        now=now or scene.now,
        clinician=scene.clinicians.get(clinician),
        waive_notice=True,
    )
    return found[min(at, len(found) - 1)] if found else None


def _ask(scene: Scene, number: int, slug: str, wish: str) -> Booking | None:
    if has_booked(number):
        return None
    service = get_service(slug)
    return request_booking(
        service=service,
        location=scene.places["mckinney"],
        mode=service.modes[0],
        asked_for=wish,
        person=person(number),
        by=STRANGER,
        now=scene.now - timedelta(hours=3),
    )


@durable
def _answer(booking: Booking | None, to: Booking.Status, scene: Scene) -> None:
    """Answer a request with no. There is no verb for it yet, so the move and the end of the item are written here."""
    if booking is not None:
        move_step(booking=lock_booking(booking.pk), to=to, by=scene.by, now=scene.now, reason="talked on the phone")
        item = WorkItem.objects.get(key=f"request:{booking.pk}")
        resolve(item=item, resolution="Talked on the phone.", by=scene.by, now=scene.now)


def _call_first(scene: Scene) -> None:
    opening = free(scene, "first-call", at=3)
    if opening is not None and not has_booked(CALLER):
        scene.book(opening, [CALLER], scene.now)


def _hold(scene: Scene) -> None:
    """Hold a five-day intensive by the desk for a couple, and a single visit by a stranger."""
    opening = free(scene, "5-day", at=2)
    if opening is not None and not has_booked(TALKED):
        people = [person(TALKED), person(TALKED + 1)]
        held = hold_for(opening=opening.id, people=people, by=scene.by, now=scene.now, hold_minutes=THREE_DAYS)
        # The first partner was spoken with alone. There is no verb for it yet.
        Participant.objects.filter(booking=held, track="A").update(screened_at=scene.now)
    other = free(scene, "coaching", at=5)
    if other is not None and not Booking.objects.filter(holder=STRANGER.holder, status="held").exists():
        hold(opening=other.id, by=STRANGER, now=scene.now)


def _let_run_out(scene: Scene) -> None:
    before = scene.now - timedelta(hours=2)
    _hold_named(scene, LATE, at=9, now=before)
    expire_due(now=scene.now)


def _let_go(scene: Scene) -> None:
    booking = _hold_named(scene, LET_GO, at=11, now=scene.now)
    if booking is not None:
        release(booking_id=booking.pk, by=scene.by, now=scene.now, reason="found another time")


def _hold_named(scene: Scene, number: int, *, at: int, now: datetime) -> Booking | None:
    opening = free(scene, "individual", at=at, now=now)
    if opening is None or has_booked(number):
        return None
    return hold_for(opening=opening.id, people=[person(number)], by=scene.by, now=now)


def _cancel(scene: Scene) -> None:
    opening = free(scene, "together", at=4)
    if opening is None or has_booked(CANCELLED):
        return
    booking = scene.book(opening, [CANCELLED, CANCELLED + 1], scene.called(scene.today - timedelta(days=2)))
    if booking is not None:
        _call_off(booking, scene)


@durable
def _call_off(booking: Booking, scene: Scene) -> None:
    """Cancel a booking. There is no verb for it yet, so its steps are called here."""
    locked = lock_booking(booking.pk)
    free_step(bookings=[locked], now=scene.now)
    move_step(booking=locked, to=Booking.Status.CANCELLED, by=scene.by, now=scene.now, reason="asked by the client")
    events.booking_cancelled(booking=locked, now=scene.now, notify=False)


def _introduce(scene: Scene) -> None:
    """Book a couple whose second partner has not chosen yet, and so gets one neutral mail only."""
    opening = free(scene, "coaching-two", at=2)
    if opening is not None and not has_booked(COUPLE):
        first, second = person(COUPLE), person(COUPLE + 1)
        people: Sequence[Person] = [first, Person(name=second.name, email=second.email)]
        scene.book_people(opening, people, scene.now, notify=True)
