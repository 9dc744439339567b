"""Plan and withdraw the deliveries that follow from a change of a booking, in the transaction of that change."""

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
    """Plan confirmations by the chosen channels, the introduction of a partner who has not chosen, and reminders.

    `parts`: of all named people. With `notify=False` (the client knows already) only reminders are planned.
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
    """Plan reminders for further dates of a standing appointment; with `calendars` also an updated invite."""
    assert_in_transaction()
    rows: list[Planned] = []
    for part in parts_of(booking):
        rows += reminder_rows(part, now=now)
        if calendars:
            _withdraw(part, {"invite"}, now=now)
            rows += invite_rows_step(part, due_at=now, now=now, changed=True)
    outbox.plan_many(rows, now=now)


def participant_chose(*, participant: Participant, now: datetime) -> None:
    """Plan confirmation, reminders and invite of a person who has just chosen how to be reached."""
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
    """Plan the messages after a change of time or place: notice, new reminders, and an invite with a higher SEQUENCE.

    `participants`: ids of the people whom the change concerns; None for all. The others get nothing (F102). Old
    reminders need not be withdrawn, because their keys hold the old start. `grace`: time in which staff may still undo
    the change before a message goes out.
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
    """Withdraw planned messages, and plan notices and calendar cancellations."""
    assert_in_transaction()
    rows: list[Planned] = []
    for part in parts_of(booking):
        _withdraw(part, None, now=now)
        if notify:
            rows += notice_rows("booking_cancelled", part, due_at=now + grace, keep=timedelta(days=2))
            rows += cancel_rows_step(part, due_at=now + grace, now=now)
    outbox.plan_many(rows, now=now)


def booking_released(*, booking: Booking, now: datetime) -> None:
    """Withdraw all planned messages. Nothing is sent, because a person released the hold."""
    assert_in_transaction()
    for part in parts_of(booking):
        _withdraw(part, None, now=now)


def booking_expired(*, booking: Booking, now: datetime) -> None:
    """Withdraw planned messages, and tell the first person, if they chose mail, that the time is free again."""
    assert_in_transaction()
    rows: list[Planned] = []
    for part in parts_of(booking):
        _withdraw(part, None, now=now)
        if part.participant.track == Participant.Track.A:
            rows += notice_rows("booking_expired", part, due_at=now, only={"email"}, keep=timedelta(hours=12))
    outbox.plan_many(rows, now=now)


def paid_conflict(*, booking: Booking, now: datetime) -> None:
    """Plan a notice to the first person: the money came after the time was given away (F45)."""
    assert_in_transaction()
    rows: list[Planned] = []
    for part in parts_of(booking):
        if part.participant.track == Participant.Track.A:
            rows += notice_rows("paid_conflict", part, due_at=now)
    outbox.plan_many(rows, now=now)


def _withdraw(part: Part, purposes: set[str] | None, *, now: datetime) -> None:
    outbox.withdraw(subject="participant", subject_id=part.participant.pk, purposes=purposes, now=now)
