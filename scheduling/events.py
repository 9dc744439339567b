"""What happened to a booking, and which deliveries follow. Each runs in the transaction of the change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from backend.outbox import operations as outbox
from backend.outbox.operations import Planned
from backend.transactions import assert_in_transaction
from scheduling.messages.invites import cancel_rows_step, invite_rows_step
from scheduling.messages.rows import introduction_row, notice_rows, reminder_rows
from scheduling.models import Booking, Participant
from scheduling.queries.people.parts import Part, part_of, parts_of


def booking_confirmed(*, parts: Sequence[Part], now: datetime, notify: bool = True) -> None:
    """Tell everybody who chose to be told, introduce a partner who has not chosen, plan the reminders.

    `parts`: of all named people. With `notify=False` (staff entered it for somebody who knows) only reminders are
    planned.
    """
    assert_in_transaction()
    rows: list[Planned] = []
    for part in parts:
        rows += reminder_rows(part, now=now)
        if notify:
            rows += notice_rows("booking_confirmed", part, due_at=now)
            rows += introduction_row(part, due_at=now)
            rows += invite_rows_step(part, due_at=now, now=now)
    outbox.plan_many(rows, now=now)


def standing_continued(*, booking: Booking, now: datetime, calendars: bool) -> None:
    """Plan reminders for further dates of a standing appointment; with `calendars` invites name them too."""
    assert_in_transaction()
    rows: list[Planned] = []
    for part in parts_of(booking):
        rows += reminder_rows(part, now=now)
        if calendars:
            _withdraw(part, {"invite"}, now=now)
            rows += invite_rows_step(part, due_at=now, now=now, changed=True)
    outbox.plan_many(rows, now=now)


def participant_chose(*, participant: Participant, now: datetime) -> None:
    """A person has chosen how to be reached: from now on they are told what is true of their own part."""
    assert_in_transaction()
    part = part_of(participant.pk)
    if part is None or part.booking.status != Booking.Status.CONFIRMED:
        return
    rows = [*reminder_rows(part, now=now), *notice_rows("booking_confirmed", part, due_at=now)]
    outbox.plan_many([*rows, *invite_rows_step(part, due_at=now, now=now)], now=now)


def booking_moved(
    *,
    booking: Booking,
    now: datetime,
    notify: bool = True,
    grace: timedelta = timedelta(0),
    participants: Collection[int] | None = None,
) -> None:
    """The time or place changed for `participants` (by id; empty: for all): SEQUENCE rises, reminders are re-planned.

    Whom the change does not touch gets nothing (F102). Old reminders need no withdrawing: their key names a start
    that is not true any more. `grace` is the pause in which staff may undo a change before anybody hears of it.
    """
    assert_in_transaction()
    rows: list[Planned] = []
    for part in parts_of(booking):
        if participants is not None and part.participant.pk not in participants:
            continue
        _withdraw(part, {"booking_moved", "invite"}, now=now)
        rows += reminder_rows(part, now=now)
        if notify:
            rows += notice_rows("booking_moved", part, due_at=now + grace, stamp=now)
            rows += invite_rows_step(part, due_at=now + grace, now=now, changed=True)
    outbox.plan_many(rows, now=now)


def booking_cancelled(*, booking: Booking, now: datetime, notify: bool = True, grace: timedelta = timedelta(0)) -> None:
    """Withdraw what is planned; tell those who chose to be told, and their calendars."""
    assert_in_transaction()
    rows: list[Planned] = []
    for part in parts_of(booking):
        _withdraw(part, None, now=now)
        if notify:
            rows += notice_rows("booking_cancelled", part, due_at=now + grace, keep=timedelta(days=2))
            rows += cancel_rows_step(part, due_at=now + grace, now=now)
    outbox.plan_many(rows, now=now)


def booking_released(*, booking: Booking, now: datetime) -> None:
    """A hold was let go by somebody who knows it: nothing is sent, nothing stays planned."""
    assert_in_transaction()
    for part in parts_of(booking):
        _withdraw(part, None, now=now)


def booking_expired(*, booking: Booking, now: datetime) -> None:
    """A hold ran out: who gave their name and chose mail learns that the time is free again."""
    assert_in_transaction()
    rows: list[Planned] = []
    for part in parts_of(booking):
        _withdraw(part, None, now=now)
        if part.participant.track == Participant.Track.A:
            rows += notice_rows("booking_expired", part, due_at=now, only={"email"}, keep=timedelta(hours=12))
    outbox.plan_many(rows, now=now)


def paid_conflict(*, booking: Booking, now: datetime) -> None:
    """Money arrived for a time that is gone: the person who booked is told (F45)."""
    assert_in_transaction()
    rows: list[Planned] = []
    for part in parts_of(booking):
        if part.participant.track == Participant.Track.A:
            rows += notice_rows("paid_conflict", part, due_at=now)
    outbox.plan_many(rows, now=now)


def _withdraw(part: Part, purposes: set[str] | None, *, now: datetime) -> None:
    outbox.withdraw(subject="participant", subject_id=part.participant.pk, purposes=purposes, now=now)
