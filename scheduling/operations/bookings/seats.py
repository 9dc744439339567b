"""Take seats in a group: in all of its meetings, or in none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction
from scheduling.availability.refusals import Refusal
from scheduling.availability.seats import Group
from scheduling.models import Attendance
from scheduling.models.booking import dead_hold
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.expire import dead_on, expire_step
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.locks import lock_bookings, lock_groups
from scheduling.queries.openings.groups import decide_group
from scheduling.queries.openings.search import Wanted


def decide_seats_step(*, wanted: Wanted, by: Actor, now: datetime) -> Group:
    """Lock the group of an opening, and decide on a seat in each of its meetings. The caller has locked the clients.

    Expires dead holds that keep a seat here (F6), or time of the party or of people they must not meet. Bookings are
    locked before groups, so all of these are locked in one statement. Raises Taken.
    """
    assert_in_transaction()

    def decided() -> Group:
        group = decide_group(wanted, now=now)
        if isinstance(group, Refusal):
            raise Taken(group.reason)
        return group

    # Decide once without the lock, to learn which meetings to lock; a refused party need not wait for locks.
    meetings = decided().appointment_ids
    people = frozenset(wanted.party.client_ids).union(*wanted.party.apart.values())
    _lock_freeing_step(meetings, people, by=by, now=now)
    group = decided()
    if group.appointment_ids != meetings:
        raise Taken
    return group


def _lock_freeing_step(appointment_ids: Iterable[int], client_ids: Iterable[int], *, by: Actor, now: datetime) -> None:
    dead = Attendance.objects.active().filter(dead_hold(now, "participant__booking__"), appointment__in=appointment_ids)
    bookings = lock_bookings([*dead.values_list("participant__booking", flat=True), *dead_on(client_ids, now=now)])
    # Expiring these bookings frees seats in other groups too; lock all groups together, in id order.
    attended = Attendance.objects.active().filter(participant__booking__in=bookings)
    lock_groups([*appointment_ids, *attended.values_list("appointment", flat=True)])
    expire_step(bookings=bookings, by=by, now=now)


def take_seats_step(*, group: Group, draft: BookingDraft) -> None:
    """Give each participant the lowest free seat of each meeting of a group that was just decided."""
    assert_in_transaction()
    taken: dict[int, set[int]] = defaultdict(set)
    seated = Attendance.objects.active().filter(appointment__in=group.appointment_ids)
    for appointment_id, seat_no in seated.values_list("appointment", "seat_no"):
        taken[appointment_id].add(seat_no)
    seats = []
    for participant in draft.participants:
        for appointment_id in sorted(group.appointment_ids):
            seat_no = _lowest_free(taken[appointment_id])
            taken[appointment_id].add(seat_no)
            seats.append(Attendance(participant=participant, appointment_id=appointment_id, seat_no=seat_no))
    Attendance.objects.bulk_create(seats)
    draft.read_visits()


def _lowest_free(taken: set[int]) -> int:
    return min(set(range(1, len(taken) + 2)) - taken)
