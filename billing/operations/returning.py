"""Settle a booking when the browser returns from the payment page, without waiting for the webhook (F58)."""

from __future__ import annotations

import logging
from datetime import datetime

from billing.gateway import GatewayUnreachable
from billing.queries.payments import live_page
from scheduling.models import Booking

from .errors import PaymentUnavailable
from .pages import ask

logger = logging.getLogger(__name__)


def settle(*, booking_id: int, now: datetime) -> Booking:
    """Ask the provider about the booking's live payment page, record its state, and return the current booking.

    If the provider does not answer, the booking is returned unchanged. Raises Booking.DoesNotExist.
    """
    live = live_page(booking_id)
    if live is not None:
        try:
            ask(attempt=live, now=now)
        except (GatewayUnreachable, PaymentUnavailable) as error:
            logger.warning("could not ask about attempt %s: %s", live.pk, error)
    return Booking.objects.get(pk=booking_id)
