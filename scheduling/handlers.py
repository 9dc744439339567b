"""Handlers of deliveries: each checks the current rows before a message is sent. None withdraws the delivery."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from backend.outbox.models import Delivery
from backend.outbox.registry import Later, Message, handler
from scheduling.messages import wording
from scheduling.messages.entries import calendar_part
from scheduling.messages.reach import awaits_introduction, wants_invites
from scheduling.messages.reminders import reminders
from scheduling.messages.rows import invite_key
from scheduling.messages.timing import after_quiet, is_quiet
from scheduling.models import Booking, CalendarObject, ManageToken, Practice
from scheduling.notices import manage_link, notice, part_in
from scheduling.queries.people.parts import called_off

Status = Booking.Status


@handler("booking_confirmed")
@handler("booking_moved")
@handler("link")
def confirmed(delivery: Delivery, now: datetime) -> Message | None:
    """Send while the booking is confirmed. The words give its current time."""
    part = part_in(delivery, Status.CONFIRMED)
    return notice(delivery, part, part.visits, now=now) if part and part.visits else None


@handler("booking_cancelled")
def cancelled(delivery: Delivery, now: datetime) -> Message | None:
    """Send while the booking is canceled. A cancellation is final."""
    part = part_in(delivery, Status.CANCELLED)
    return notice(delivery, part, called_off(part), now=now) if part else None


@handler("booking_expired")
def expired(delivery: Delivery, now: datetime) -> Message | None:
    """Send unless a late payment has confirmed the booking. The link leads to the home page."""
    part = part_in(delivery, Status.EXPIRED)
    return notice(delivery, part, [], link=f"{settings.BASE_URL}/", now=now) if part else None


@handler("paid_conflict")
def paid_conflict(delivery: Delivery, now: datetime) -> Message | None:
    """Send until the desk has found another time or the money was refunded."""
    part = part_in(delivery, Status.PAID_CONFLICT)
    return notice(delivery, part, [], now=now) if part else None


@handler("reminder")
def reminder(delivery: Delivery, now: datetime) -> Message | None:
    """Send if the current visits still have this reminder: same person, start, days ahead and channel (F105)."""
    part = part_in(delivery, Status.CONFIRMED)
    found = reminders(part).get(delivery.key) if part else None
    if part is None or found is None:
        return None
    if is_quiet(now, part.zone):
        return Later(after_quiet(now, part.zone))
    return notice(delivery, part, found.visits, now=now)


@handler("partner_introduction")
def partner_introduction(delivery: Delivery, now: datetime) -> Message | None:
    """Send until the partner has chosen. The choice revokes the link in this mail."""
    part = part_in(delivery, Status.CONFIRMED)
    if part is None or not awaits_introduction(part):
        return None
    link = manage_link(part, purpose=ManageToken.Purpose.INTRODUCTION, now=now)
    return wording.mail("partner_introduction", part, [], link=link, practice=Practice.objects.get())


@handler("invite")
def invite(delivery: Delivery, now: datetime) -> Message | None:
    """Send the latest SEQUENCE only, and a CANCEL only if an earlier REQUEST may have been sent (F83, F84)."""
    part = part_in(delivery, Status.CONFIRMED, Status.CANCELLED)
    if part is None or not part.client.email:
        return None
    entry = CalendarObject.objects.filter(client=part.client, booking=part.booking).first()
    if entry is None or invite_key(entry) != delivery.key:
        return None
    is_cancelled = entry.last_method == CalendarObject.Method.CANCEL
    if not (_may_have_heard(entry, delivery) if is_cancelled else wants_invites(part) and part.visits):
        return None
    visits = called_off(part) if is_cancelled else part.visits
    practice = Practice.objects.get()
    return wording.mail(
        "invite",
        part,
        visits,
        link=manage_link(part, now=now),
        practice=practice,
        calendar=calendar_part(entry, part, visits, practice=practice),
        cancelled=is_cancelled,
    )


def _may_have_heard(entry: CalendarObject, delivery: Delivery) -> bool:
    sent = [Delivery.Status.SENT, Delivery.Status.CLAIMED]
    earlier = [invite_key(entry, sequence) for sequence in range(entry.sequence)]
    return Delivery.objects.filter(key__in=earlier, status__in=sent).exclude(pk=delivery.pk).exists()
