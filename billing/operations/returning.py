"""Coming back from the payment page: the provider is asked, whether or not a webhook has arrived (F58)."""

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
    """Ask about the booking's live payment page, record what it says, and return the booking as it is then.

    If the provider does not answer, the booking is returned as it was. Raises Booking.DoesNotExist.
    """
    live = live_page(booking_id)
    if live is not None:
        try:
            ask(attempt=live, now=now)
        except (GatewayUnreachable, PaymentUnavailable) as error:
            logger.warning("could not ask about attempt %s: %s", live.pk, error)
    return Booking.objects.get(pk=booking_id)
