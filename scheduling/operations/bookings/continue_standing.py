"""Keep confirmed standing appointments written 26 weeks ahead."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet

from backend.accounts.actor import Actor, system
from backend.transactions import assert_in_transaction, durable
from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item
from scheduling import events
from scheduling.availability.timegrid.masks import monday_of
from scheduling.availability.timegrid.recurrence import STANDING_AHEAD, Occurrence, Pattern
from scheduling.availability.timegrid.walltime import local_date
from scheduling.formats import short_day
from scheduling.models import Booking, Standing, StandingSkip
from scheduling.opening_id import OpeningId
from scheduling.operations.bookings.decide import draft_of
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.expire import lock_freeing_step
from scheduling.operations.bookings.participants import reserve_clients_step
from scheduling.operations.bookings.take import resources_of
from scheduling.operations.bookings.write import write_step
from scheduling.operations.locks import lock_resources
from scheduling.queries.openings.opening import describe_pin, is_on_offer
from scheduling.queries.openings.party import others_to_lock, party_of
from scheduling.queries.openings.search import Wanted
from scheduling.queries.openings.series import DecidedDates, decide_dates

logger = logging.getLogger(__name__)
# Calendars get further dates once a quarter. People stop reading a mail that comes every week.
_QUARTER = timedelta(weeks=13)


def continue_due(*, now: datetime, limit: int = 200) -> int:
    """Sweep: extend up to `limit` standing appointments to 26 weeks ahead. Returns the number of appointments added.

    Each has its own transaction, so a failure in one does not stop the others.
    """
    due = _continuing(until=_target(now.date())).order_by("generated_until", "pk")
    added = 0
    for booking_id in due.values_list("pk", flat=True)[:limit]:
        try:
            added += continue_standing(booking_id=booking_id, by=system("standing"), now=now)
        except Exception:
            logger.exception("standing appointment %s was not continued", booking_id)
    return added


def _continuing(*, until: date) -> QuerySet[Standing]:
    due = Standing.objects.filter(booking__status=Booking.Status.CONFIRMED, generated_until__lt=until)
    return due.filter(Q(ended_on=None) | Q(ended_on__gt=F("generated_until")))


def _target(today: date) -> date:
    return monday_of(today) + STANDING_AHEAD


@durable
def continue_standing(*, booking_id: int, by: Actor, now: datetime) -> int:
    """Extend one standing appointment to 26 weeks ahead. Returns the number of appointments added."""
    booking = Booking.objects.select_related("service", "location", "standing").get(pk=booking_id)
    clients = list(booking.participants.exclude(client=None).order_by("track").values_list("client", flat=True))
    people = [booking.standing.clinician_id, *clients, *others_to_lock(clients)]
    wanted = Wanted(pin=OpeningId.decode(booking.opening), service=booking.service, location=booking.location)
    locked = lock_resources(resources_of(wanted, people))
    booking = lock_freeing_step(booking_id=booking_id, resource_ids=locked, by=by, now=now)
    return continue_standing_step(booking=booking, client_ids=clients, now=now)


def continue_standing_step(*, booking: Booking, client_ids: list[int], now: datetime) -> int:
    """Extend a locked standing booking whose resources are locked too. Returns the number of appointments added.

    A date that cannot be taken becomes a skip and a work item; the other dates are written.
    """
    assert_in_transaction()
    zone = booking.location.tzinfo
    until = _target(local_date(now, zone))
    standing = _continuing(until=until).filter(pk=booking.pk).first()
    if standing is None:
        return 0
    pattern = Pattern(standing.first_on, standing.starts_minute, standing.every_n_weeks, zone)
    occurrences = [pattern.on(day) for day in pattern.dates(until) if _takes_place(standing, day)]
    added = _write_step(booking, standing, occurrences, client_ids, now=now) if occurrences else 0
    began = monday_of(standing.first_on)
    new_quarter = (standing.generated_until - began) // _QUARTER < (until - began) // _QUARTER
    Standing.objects.filter(pk=standing.pk).update(generated_until=until)
    if added:
        events.standing_continued(booking=booking, now=now, calendars=new_quarter)
    return added


def _takes_place(standing: Standing, day: date) -> bool:
    if day < standing.generated_until or (standing.ended_on is not None and day >= standing.ended_on):
        return False
    if standing.paused_from is not None and standing.paused_until is not None:
        return not standing.paused_from <= day < standing.paused_until
    return True


def _write_step(
    booking: Booking, standing: Standing, occurrences: list[Occurrence], client_ids: list[int], *, now: datetime
) -> int:
    party = party_of(client_ids, booking.service, now=now)
    if standing.room_id is not None:
        party = replace(party, room_ids=(standing.room_id,))
    if not is_on_offer(booking.service, booking.location, booking.mode):
        _clash_step(booking, standing, [one.day for one in occurrences], "It is not offered any more.", now=now)
        return 0
    pin = replace(OpeningId.decode(booking.opening), clinicians=(standing.clinician_id,))
    opening = describe_pin(pin, booking.service, booking.location)
    found = decide_dates(opening, occurrences, now=now, party=party, waive_notice=True, continues=True)
    for one in map(found.occurrence, occurrences):
        if one.clash:
            _clash_step(booking, standing, [one.date], one.clash, now=now)
    return _add_step(booking, found)


def _add_step(booking: Booking, found: DecidedDates) -> int:
    draft = BookingDraft(booking=booking, participants=list(booking.participants.order_by("track")))
    clinicians = {one.pk: one for one in found.opening.clinicians}
    decided = [draft_of(one, booking.service, clinicians) for one in found.free]
    added = write_step(draft=draft, decided=decided)
    reserve_clients_step(draft=draft, attendances=added)
    return len(decided)


def _clash_step(booking: Booking, standing: Standing, days: list[date], words: str, *, now: datetime) -> None:
    StandingSkip.objects.bulk_create((StandingSkip(standing=standing, on=day) for day in days), ignore_conflicts=True)
    dates = ", ".join(short_day(day, with_year=True) for day in days[:8])
    open_item(
        kind=WorkItem.Kind.CLASH,
        key=f"standing:{booking.pk}:{days[0]}",
        subject="booking",
        subject_id=booking.pk,
        location_id=booking.location_id,
        words=f"A standing appointment cannot take place on {dates}. {words}"[:300],
        now=now,
    )
