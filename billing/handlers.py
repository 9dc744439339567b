"""Handlers of billing's deliveries: refunds, and links to pay."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from backend.channels.errors import NotSent
from backend.outbox.models import Delivery
from backend.outbox.registry import Command, Message, handler
from billing.gateway import GatewayUnreachable
from billing.models import PaymentAttempt
from billing.operations import telling
from billing.operations.refunds import PURPOSE, carry_out
from billing.queries.payments import is_paid
from scheduling.models import Booking
from scheduling.notices import notice, part_in


@handler(PURPOSE)
def refund(delivery: Delivery, now: datetime) -> Command | None:
    """Carry out a planned refund that has not ended since."""
    attempt = PaymentAttempt.objects.filter(pk=delivery.subject_id).first()
    if attempt is None or not attempt.is_live:
        return None
    return Command(partial(_run, attempt.pk, now))


def _run(attempt_id: int, now: datetime) -> None:
    try:
        carry_out(attempt_id=attempt_id, now=now)
    except GatewayUnreachable as error:
        raise NotSent(str(error)) from error


@handler(telling.PURPOSE)
def pay_link(delivery: Delivery, now: datetime) -> Message | None:
    """Send while the time is held and unpaid. The link opens the person's own page, which leads to payment."""
    part = part_in(delivery, Booking.Status.HELD)
    if part is None or is_paid(part.booking.pk) or not part.booking.is_live_hold(now):
        return None
    return notice(delivery, part, part.visits, now=now)
