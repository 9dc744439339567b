"""Making a hold a commitment, also when the money comes late."""

from __future__ import annotations

from datetime import datetime

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction
from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item
from scheduling import events
from scheduling.models import Booking, Service
from scheduling.opening_id import OpeningId
from scheduling.operations.bookings.decide import decide_step, resources_of, write_step
from scheduling.operations.bookings.expire import expire_on_step
from scheduling.operations.bookings.extend import reservations_of
from scheduling.operations.bookings.participants import reserve_clients_step
from scheduling.operations.bookings.seats import decide_seats_step, take_seats_step
from scheduling.operations.bookings.status import move_step
from scheduling.operations.locks import lock_bookings, lock_resources
from scheduling.queries.openings.party import others_to_lock, party_of


def lock_for_confirming(*, booking: Booking) -> Booking:
    """Lock, in order, what confirming may need: for a hold itself only, for an expired one its resources first.

    `booking` was read plainly; the locked row is returned, and decided on again.
    """
    assert_in_transaction()
    if booking.status == Booking.Status.EXPIRED:
        clients = [*booking.participants.exclude(client=None).values_list("client", flat=True)]
        lock_resources([*_resources_of(booking), *clients, *others_to_lock(clients)])
    return lock_bookings([booking.pk])[0]


def confirm_step(
    *,
    booking: Booking,
    by: Actor,
    now: datetime,
    reason: str = "",
    unpaid_reason: str = "",
    notify: bool = True,
) -> None:
    """Confirm a locked hold, or an expired one whose time is still free (F45).

    `unpaid_reason` says why it stands without money, `reason` anything else; either is kept with the move.
    A hold past its deadline that nobody has released still reserves its time, so it is simply confirmed: whoever
    takes, closes or decides on what it stands in the way of expires it first. Raises Taken if an expired booking's
    time is gone: the caller then uses `paid_conflict_step`. Raises MoveRefused.
    """
    assert_in_transaction()
    if booking.status == Booking.Status.EXPIRED:
        _take_again_step(booking, by=by, now=now)
    reservations_of(booking).update(held_until=None)
    booking.confirmed_unpaid_reason = unpaid_reason
    booking.save(update_fields=["confirmed_unpaid_reason"])
    move_step(booking=booking, to=Booking.Status.CONFIRMED, by=by, now=now, reason=unpaid_reason or reason)
    events.booking_confirmed(booking=booking, now=now, notify=notify)


def _resources_of(booking: Booking) -> list[int]:
    # A seat takes nobody's time but the client's.
    if booking.service.party == Service.Party.GROUP:
        return []
    return resources_of(OpeningId.decode(booking.opening), booking.service, booking.location)


def _take_again_step(booking: Booking, *, by: Actor, now: datetime) -> None:
    """Decide the old opening anew, as if staff asked: the client has paid, so notice does not count.

    Nor does a group's last day to enroll, if the hold began before it.
    """
    participants = list(booking.participants.order_by("track"))
    pin, service, location = OpeningId.decode(booking.opening), booking.service, booking.location
    party = party_of([one.client_id for one in participants], service, now=now)
    if service.party == Service.Party.GROUP:
        group = decide_seats_step(
            pin=pin,
            service=service,
            location=location,
            by=by,
            now=now,
            party=party,
            waive_notice=True,
            enrolls_at=booking.held_at,
        )
        take_seats_step(group=group, participants=participants)
    else:
        wanted = [*_resources_of(booking), *party.client_ids, *others_to_lock(party.client_ids)]
        expire_on_step(resource_ids=wanted, by=by, now=now)
        drafts = decide_step(pin=pin, service=service, location=location, now=now, party=party, waive_notice=True)
        booking.hold_expires_at = max(now, booking.hold_expires_at) if booking.hold_expires_at else now
        write_step(booking=booking, drafts=drafts, participants=participants)
    reserve_clients_step(booking, participants)


def paid_conflict_step(*, booking: Booking, by: Actor, now: datetime) -> None:
    """Money came for a booking whose time was given away: never double booked, always a work item (F45)."""
    assert_in_transaction()
    move_step(booking=booking, to=Booking.Status.PAID_CONFLICT, by=by, now=now, reason="paid after the hold ended")
    open_item(
        kind=WorkItem.Kind.ODD_MONEY,
        key=f"paid-conflict:{booking.pk}",
        subject="booking",
        subject_id=booking.pk,
        location_id=booking.location_id,
        words="Paid after the time was given away. The money goes back in full; call and offer another time.",
        now=now,
    )
    events.paid_conflict(booking=booking, now=now)
