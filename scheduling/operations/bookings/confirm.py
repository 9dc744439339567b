"""Confirm a hold, or an expired booking whose payment comes late."""

from __future__ import annotations

from datetime import datetime

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction
from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item
from scheduling import events
from scheduling.models import Booking
from scheduling.opening_id import OpeningId
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.participants import reserve_clients_step
from scheduling.operations.bookings.status import move_step
from scheduling.operations.bookings.take import resources_of, take_step
from scheduling.operations.locks import lock_bookings, lock_resources
from scheduling.queries.openings.criteria import STRANGERS, Party
from scheduling.queries.openings.party import others_to_lock, party_of
from scheduling.queries.openings.search import Wanted


def lock_for_confirming(*, booking: Booking) -> Booking:
    """Lock what confirming may need, in lock order: the booking, and before it the resources of an expired one.

    `booking` was read without a lock. Decide on the locked row that is returned.
    """
    assert_in_transaction()
    if booking.status == Booking.Status.EXPIRED:
        clients = [*booking.participants.exclude(client=None).values_list("client", flat=True)]
        lock_resources(resources_of(_wanted(booking), [*clients, *others_to_lock(clients)]))
    locked = lock_bookings([booking.pk])[0]
    locked.service, locked.location = booking.service, booking.location
    return locked


def confirm_step(
    *,
    draft: BookingDraft,
    by: Actor,
    now: datetime,
    reason: str = "",
    unpaid_reason: str = "",
    notify: bool = True,
) -> None:
    """Confirm a locked hold, or an expired booking whose time is still free (F45).

    `unpaid_reason`: why it is confirmed without payment. It or `reason` is stored with the move.
    A hold past its deadline that no verb has expired still reserves its time, so it is confirmed like any hold: every
    verb that takes or closes that time expires it first. Raises Taken if the time of an expired booking is gone (the
    caller then uses `paid_conflict_step`), and MoveRefused.
    """
    assert_in_transaction()
    booking = draft.booking
    if booking.status == Booking.Status.EXPIRED:
        _take_again_step(draft, by=by, now=now)
    else:
        draft.reservations().update(held_until=None)
    booking.confirmed_unpaid_reason = unpaid_reason
    move_step(
        booking=booking,
        to=Booking.Status.CONFIRMED,
        by=by,
        now=now,
        reason=unpaid_reason or reason,
        changed=["confirmed_unpaid_reason"],
    )
    events.booking_confirmed(parts=draft.parts(), now=now, notify=notify)


def _wanted(booking: Booking, party: Party = STRANGERS) -> Wanted:
    """The booked opening, to be decided again. The client has paid, so notice is waived.

    A group's enrollment deadline is compared with the start of the hold.
    """
    return Wanted(
        pin=OpeningId.decode(booking.opening),
        service=booking.service,
        location=booking.location,
        party=party,
        waive_notice=True,
        enrolls_at=booking.held_at,
    )


def _take_again_step(draft: BookingDraft, *, by: Actor, now: datetime) -> None:
    party = party_of([one.client_id for one in draft.participants], draft.booking.service, now=now)
    wanted = _wanted(draft.booking, party)
    locked = resources_of(wanted, [*party.client_ids, *others_to_lock(party.client_ids)])
    take_step(draft=draft, wanted=wanted, locked=locked, by=by, now=now)
    reserve_clients_step(draft=draft, attendances=draft.attendances)


def paid_conflict_step(*, booking: Booking, by: Actor, now: datetime) -> None:
    """Mark a booking that was paid after its time was given away, and open a work item (F45)."""
    assert_in_transaction()
    move_step(booking=booking, to=Booking.Status.PAID_CONFLICT, by=by, now=now, reason="paid after the hold ended")
    open_item(
        kind=WorkItem.Kind.ODD_MONEY,
        key=f"paid-conflict:{booking.pk}",
        subject="booking",
        subject_id=booking.pk,
        location_id=booking.location_id,
        words="Paid after the time was gone. We refund the full amount. Call and offer another time.",
        now=now,
    )
    events.paid_conflict(booking=booking, now=now)
