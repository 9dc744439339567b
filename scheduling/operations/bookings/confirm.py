"""Making a hold a commitment, also when the money comes late."""

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
    """Lock, in order, what confirming may need: for a hold the booking alone, for an expired one its resources first.

    `booking` was read plainly; the locked row is returned, and decided on again.
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
    """Confirm a locked hold, or an expired one whose time is still free (F45).

    `unpaid_reason` says why it stands without money, `reason` anything else; either is kept with the move.
    A hold past its deadline that nobody has released still reserves its time, so it is simply confirmed: a verb that
    takes, closes or decides on that time expires it first. Raises Taken if an expired booking's time is gone: the
    caller then uses `paid_conflict_step`. Raises MoveRefused.
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
    """The old opening, as if staff asked: the client has paid, so the notice does not count.

    Nor does a group's last day to enroll, if the hold began before it.
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
