"""What the outbox does for billing: giving money back."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from backend.channels.errors import NotSent
from backend.outbox.models import Delivery
from backend.outbox.registry import Command, handler
from billing.gateway import GatewayUnreachable
from billing.models import PaymentAttempt
from billing.operations.refunds import PURPOSE, carry_out


@handler(PURPOSE)
def refund(delivery: Delivery, now: datetime) -> Command | None:
    """Carry out a planned refund, unless it has come to an end meanwhile."""
    attempt = PaymentAttempt.objects.filter(pk=delivery.subject_id).first()
    if attempt is None or not attempt.is_live:
        return None
    return Command(partial(_run, attempt.pk, now))


def _run(attempt_id: int, now: datetime) -> None:
    try:
        carry_out(attempt_id=attempt_id, now=now)
    except GatewayUnreachable as error:
        raise NotSent(str(error)) from error
