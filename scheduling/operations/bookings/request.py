"""Request a service that cannot be booked directly. A request reserves nothing and waits for the desk."""

from __future__ import annotations

import secrets
from datetime import datetime

from backend.accounts.actor import Actor
from backend.transactions import durable
from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item
from scheduling.models import Booking, Location, Participant, Service
from scheduling.operations.bookings.hold import ALPHABET
from scheduling.operations.bookings.status import log_move_step
from scheduling.operations.clients import Person, add_client_step


class NotOnRequest(Exception):
    """The service can be booked directly, so it takes no requests."""


@durable
def request_booking(
    *, service: Service, location: Location, mode: str, asked_for: str, person: Person, by: Actor, now: datetime
) -> Booking:
    """Record a request for a service that is on request or call first, and open a work item for the desk.

    `asked_for`: an opening id, or words like “mornings in January”. Raises NotOnRequest.
    """
    if service.booking_mode == Service.BookingMode.INSTANT:
        raise NotOnRequest("This can be booked directly.")
    booking = Booking.objects.create(
        reference="".join(secrets.choice(ALPHABET) for _ in range(8)),
        kind=Booking.Kind.INTENSIVE if service.is_program else Booking.Kind.APPOINTMENT,
        status=Booking.Status.REQUESTED,
        service=service,
        location=location,
        mode=mode,
        opening=asked_for,
        holder=by.holder,
        created_at=now,
        created_by=by.user,
    )
    log_move_step(booking=booking, old="", by=by, now=now)
    client = add_client_step(person=person, by=by, now=now)
    Participant.objects.create(
        booking=booking, client=client, chosen_at=now if person.has_chosen else None, comfort_note=person.comfort_note
    )
    open_item(
        kind=WorkItem.Kind.REQUEST,
        key=f"request:{booking.pk}",
        subject="booking",
        subject_id=booking.pk,
        location_id=location.pk,
        words="Someone asked for this. Call back, or offer a time.",
        now=now,
    )
    return booking
