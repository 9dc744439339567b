"""Waking a worker after the commit. A lost nudge costs a minute: the sweep finds every row."""

from __future__ import annotations

import functools
import logging
import time

from django.db import transaction

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 15.0  # after a failed nudge, so that a broker that hangs slows one request, not every request
_quiet_until = 0.0


def nudge_on_commit(delivery_id: int) -> None:
    """Hand the id to a worker once the present transaction has committed; never if it rolls back (F112)."""
    transaction.on_commit(functools.partial(nudge, delivery_id), robust=True)


def nudge(delivery_id: int) -> bool:
    """Wake a worker for one delivery. False, and a line in the log, if the broker does not take it."""
    global _quiet_until
    from .tasks import deliver_one  # tasks stand on operations

    if time.monotonic() < _quiet_until:
        return False
    try:
        deliver_one.apply_async(kwargs={"delivery_id": delivery_id}, retry=False, expires=600)
    except Exception as error:  # whatever a broker's client raises: the row is safe, the request goes on
        _quiet_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("outbox nudge failed for delivery %s: %s", delivery_id, type(error).__name__)
        return False
    return True
