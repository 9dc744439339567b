"""Send a link to pay to a person who books by phone."""

from __future__ import annotations

from datetime import datetime

from backend.accounts.actor import Actor
from backend.audit.models import AuditLine
from backend.audit.operations import record
from backend.outbox import operations as outbox
from backend.transactions import durable
from scheduling.messages.rows import notice_rows
from scheduling.operations.locks import lock_booking
from scheduling.queries.people.parts import parts_of

PURPOSE = "pay_link"


@durable
def send_pay_link(*, booking_id: int, by: Actor, now: datetime) -> int:
    """Plan messages with a link to pay, to the first person of a live hold. Returns their number.

    One message goes by each channel that the person chose, and only until the hold ends. Raises Booking.DoesNotExist.
    """
    booking = lock_booking(booking_id)
    parts = parts_of(booking)
    if not parts or not booking.is_live_hold(now) or booking.hold_expires_at is None:
        return 0
    rows = notice_rows(PURPOSE, parts[0], due_at=now, stamp=now, keep=booking.hold_expires_at - now)
    outbox.plan_many(rows, now=now)
    if rows:
        record(verb=AuditLine.Verb.CHANGE, subject="booking", subject_id=booking.pk, detail=PURPOSE, by=by, now=now)
    return len(rows)
