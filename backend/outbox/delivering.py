"""Turn a claimed row into a sent message: check again, render, send, record. No transaction is open while sending."""

from __future__ import annotations

import logging
from datetime import datetime

from backend.channels import email, sms
from backend.channels.errors import NotSent, Refused

from . import recording
from .models import Delivery
from .registry import Command, Later, Message, handler_for

logger = logging.getLogger(__name__)


def deliver(*, delivery: Delivery, now: datetime) -> None:
    """Finish one claimed row, or return it to planned for another try. Never raises for a bad address (F117)."""
    try:
        message = handler_for(delivery.purpose)(delivery, now)
    except Exception as error:  # nothing has been sent yet, so a retry is safe
        logger.exception("outbox could not render delivery %s", delivery.pk)
        recording.put_back(delivery=delivery, error=type(error).__name__, now=now)
        return
    if message is None:
        recording.finish(delivery=delivery, status=Delivery.Status.WITHDRAWN, now=now)
    elif delivery.too_late_at is not None and delivery.too_late_at <= now:
        recording.miss(delivery=delivery, now=now)
    elif isinstance(message, Later):
        recording.postpone(delivery=delivery, until=message.at, now=now)
    else:
        _send(delivery=delivery, message=message, now=now)


def _send(*, delivery: Delivery, message: Message, now: datetime) -> None:
    if not recording.begin(delivery=delivery, reference=_reference(delivery, message), now=now):
        return  # the sweep has taken over the claim
    try:
        provider_id = _hand_over(delivery, message)
    except Refused as error:
        recording.fail(delivery=delivery, error=str(error), now=now)
    except NotSent as error:
        recording.put_back(delivery=delivery, error=str(error), now=now)
    except Exception as error:
        logger.exception("outbox does not know whether delivery %s was sent", delivery.pk)
        if delivery.channel != Delivery.Channel.SMS:
            recording.put_back(delivery=delivery, error=type(error).__name__, now=now)
        # A text may have been sent. The claim stays, and the sweep looks the text up at the provider.
    else:
        recording.finish(delivery=delivery, status=Delivery.Status.SENT, message_id=provider_id, now=now)


def _reference(delivery: Delivery, message: Message) -> str:
    """Reference to store before sending, to find the message again. A repeated mail keeps its Message-ID."""
    if isinstance(message, email.Mail):
        return delivery.message_id or email.new_message_id()
    return message.reference if isinstance(message, sms.Text) else delivery.message_id


def _hand_over(delivery: Delivery, message: Message) -> str:
    """Send; returns the receiving side's id. Raises NotSent, Refused, or any error if the fate is unknown."""
    if isinstance(message, email.Mail):
        email.send(message, message_id=delivery.message_id)
        return delivery.message_id
    if isinstance(message, sms.Text):
        return sms.send(message)
    assert isinstance(message, Command)  # `deliver` has handled Later
    message.run()
    return delivery.message_id
