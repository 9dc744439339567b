"""Sending people their booking links again."""

from __future__ import annotations

from datetime import datetime

from backend.outbox import operations as outbox
from backend.transactions import durable
from scheduling.messages.rows import notice_rows
from scheduling.models import Participant
from scheduling.queries.people.parts import part_of

LONGEST = 5  # messages for one question


@durable
def send_links(*, email: str, now: datetime) -> None:
    """Send a fresh link by mail for each coming booking of the people who chose mail to this address.

    Says nothing about whether there are any. At most one mail an hour per booking and person, as its key holds the
    hour, and never to somebody who did not choose mail (promise 10).
    """
    coming = Participant.objects.filter(
        client__email=email.strip().lower(),
        client__may_email=True,
        booking__status="confirmed",
        attendances__status="booked",
        attendances__appointment__during__endswith__gt=now,
    )
    rows = []
    for participant_id in coming.order_by("pk").values_list("pk", flat=True).distinct()[:LONGEST]:
        part = part_of(participant_id)
        if part is not None:
            hour = now.replace(minute=0, second=0, microsecond=0)
            rows += notice_rows("link", part, due_at=now, only={"email"}, stamp=hour)
    outbox.plan_many(rows, now=now)
