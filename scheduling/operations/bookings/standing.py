"""Write the pattern of a standing appointment with its hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from backend.transactions import assert_in_transaction
from scheduling.availability.timegrid.masks import monday_of
from scheduling.availability.timegrid.recurrence import standing_pattern
from scheduling.availability.timegrid.walltime import local_date
from scheduling.models import Standing, StandingSkip
from scheduling.opening_id import OpeningId, UnknownOpening
from scheduling.operations.bookings.decide import AppointmentDraft
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.queries.openings.opening import UNKNOWN

_WEEK = timedelta(days=7)


def write_standing_step(*, draft: BookingDraft, decided: Sequence[AppointmentDraft]) -> Standing:
    """Write the pattern of a standing hold. Dates that were left out or moved become skips.

    Raises UnknownOpening if the starts follow no pattern.
    """
    assert_in_transaction()
    booking = draft.booking
    pin, location = OpeningId.decode(booking.opening), booking.location
    pattern = standing_pattern(pin.starts, pin.every_n_weeks, location.tzinfo)
    if pattern is None:
        raise UnknownOpening(UNKNOWN)
    # Count whole weeks: the sweep must not add a date that was moved within the last week, or left out there.
    first, last = (monday_of(local_date(pin.starts[at], location.tzinfo)) for at in (0, -1))
    until = max(last + _WEEK, first + pin.weeks * _WEEK)
    rooms = [one.room_id for one in decided if one.room_id is not None]
    standing = Standing.objects.create(
        booking=booking,
        clinician_id=pin.clinicians[0],
        room_id=max(rooms, key=rooms.count, default=None),
        weekday=pattern.first_on.weekday(),
        starts_minute=pattern.minute,
        every_n_weeks=pin.every_n_weeks,
        first_on=pattern.first_on,
        generated_until=until,
    )
    missed = pattern.misses(pin.starts, until)
    StandingSkip.objects.bulk_create(StandingSkip(standing=standing, on=day) for day in missed)
    return standing
