"""Wake a worker after the commit. If a nudge is lost, the sweep finds the row within a minute."""

from __future__ import annotations

import functools
import logging
import time

from django.db import transaction

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 15.0  # no nudges for this long after a failed one, so that a hanging broker slows one request only
_quiet_until = 0.0


def nudge_on_commit(delivery_id: int) -> None:
    """Hand the id to a worker once the current transaction has committed; never if it rolls back (F112)."""
    transaction.on_commit(functools.partial(nudge, delivery_id), robust=True)


def nudge(delivery_id: int) -> bool:
    """Wake a worker for one delivery. Returns False if the broker refuses the task or refused one just before."""
    global _quiet_until
    from .tasks import deliver_one  # imported here because `tasks` imports the operations

    if time.monotonic() < _quiet_until:
        return False
    try:
        deliver_one.apply_async(kwargs={"delivery_id": delivery_id}, retry=False, expires=600)
    except Exception as error:  # any error of a broker client: the row is committed, so the request goes on
        _quiet_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("outbox nudge failed for delivery %s: %s", delivery_id, type(error).__name__)
        return False
    return True
