"""Build the message of a delivery from the current rows, or None if it should not be sent any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from backend.outbox.models import Delivery
from backend.outbox.registry import Later, Message
from scheduling.messages import wording
from scheduling.messages.reach import channels
from scheduling.messages.timing import after_quiet, is_quiet
from scheduling.models import Booking, ManageToken, Practice
from scheduling.operations.links import links as tokens
from scheduling.queries.people.parts import Part, Visit, part_of


def part_in(delivery: Delivery, *statuses: Booking.Status) -> Part | None:
    """The part that a delivery is about; None unless its booking is in one of `statuses` now."""
    part = part_of(delivery.subject_id)
    return part if part is not None and part.booking.status in statuses else None


def notice(delivery: Delivery, part: Part, visits: Sequence[Visit], *, link: str = "", now: datetime) -> Message | None:
    """Write the message of a delivery for its channel; None if the person does not allow that channel any more.

    In the quiet hours a text is put off (F115). Without `link`, a fresh manage link is issued.
    """
    if delivery.channel not in channels(part):
        return None
    if delivery.channel == Delivery.Channel.SMS and is_quiet(now, part.zone):
        return Later(after_quiet(now, part.zone))
    link = link or manage_link(part, now=now)
    write = wording.text if delivery.channel == Delivery.Channel.SMS else wording.mail
    return write(delivery.purpose, part, visits, link=link, practice=Practice.objects.get())


def manage_link(part: Part, *, purpose: str = ManageToken.Purpose.MANAGE, now: datetime) -> str:
    """Issue a link to this person's part. Only the message holds its secret; the database has a digest (F129)."""
    secret = tokens.issue(participant=part.participant, purpose=purpose, now=now)
    return f"{settings.BASE_URL}/m/{secret}/"
