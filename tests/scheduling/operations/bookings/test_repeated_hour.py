"""On 2027-11-07 clocks in Chicago show 1:30 AM twice. Times computed from the second are right (F31)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from backend.outbox.models import Delivery
from scheduling.models import Booking, LocationHours, Reservation, WorkingHours
from scheduling.operations.bookings.extend import extend
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.bookings.refused import HoldEnded, Taken
from scheduling.operations.clients import Person
from tests.factories import a_practice, a_stranger
from tests.scheduling.messages.people import confirm, work
from tests.scheduling.queries.world import CHICAGO, a_world, clock, found

pytestmark = pytest.mark.django_db
TUESDAY = date(2027, 11, 9)
FIRST = datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
SECOND = datetime(2027, 11, 7, 7, 30, tzinfo=UTC)
QUARTER, SECONDS = timedelta(minutes=15), timedelta(seconds=1)
ANN = Person(name="Ann Example", email="ann@example.com", may_email=True)


@pytest.fixture
def service():
    a_practice()
    return a_world().service


def take(service, instant: datetime, holder: str = "one") -> Booking:
    """Hold Tuesday at 10:00 AM, with the time frozen at `instant`, on a page in the office's zone."""
    with time_machine.travel(instant, tick=False), timezone.override(CHICAGO):
        now = timezone.now()
        opening = next(one for one in found(service, TUESDAY, now=SECOND) if one.starts_at == clock(TUESDAY, 10))
        return hold(opening=opening.id, by=a_stranger(holder), now=now)


def go_on(booking: Booking, instant: datetime) -> Booking:
    with time_machine.travel(instant, tick=False), timezone.override(CHICAGO):
        return extend(booking_id=booking.pk, by=a_stranger("one"), now=timezone.now())


def test_both_instants_have_the_same_wall_time():
    assert FIRST.astimezone(CHICAGO).replace(tzinfo=None) == SECOND.astimezone(CHICAGO).replace(tzinfo=None)


@pytest.mark.parametrize("instant", [FIRST, SECOND], ids=["first", "second"])
def test_a_hold_ends_fifteen_elapsed_minutes_later_F31(service, instant):
    booking = take(service, instant)

    booking.refresh_from_db()
    assert booking.hold_expires_at == instant + QUARTER
    assert set(Reservation.objects.values_list("held_until", flat=True)) == {instant + QUARTER}


def test_a_hold_is_extended_over_the_change_to_at_most_an_hour_F31(service):
    booking = take(service, FIRST)

    ends = [go_on(booking, FIRST + timedelta(minutes=minutes)).hold_expires_at for minutes in (14, 28, 42, 56, 59)]

    assert ends == [FIRST + timedelta(minutes=minutes) for minutes in (29, 43, 57, 60, 60)]


def test_a_hold_of_the_first_half_past_one_has_ended_at_the_second_F31(service):
    """The hold ends at 1:45 AM. An hour after it began, clocks show 1:30 AM again."""
    held = take(service, FIRST)
    with pytest.raises(Taken):
        take(service, FIRST + QUARTER - SECONDS, "two")

    assert take(service, SECOND, "two").status == "held"

    held.refresh_from_db()
    assert held.status == Booking.Status.EXPIRED
    with pytest.raises(HoldEnded):
        go_on(held, SECOND)


def test_a_reminder_two_days_ahead_is_planned_and_sent_later_that_sunday_F31(service):
    booking = take(service, SECOND)
    name_participants(booking_id=booking.pk, people=[ANN], by=a_stranger("one"), now=SECOND)
    confirm(booking, now=SECOND)
    row = Delivery.objects.get(purpose="reminder")
    assert row.due_at == SECOND + timedelta(hours=8, minutes=30) == clock(TUESDAY, 10) - timedelta(hours=48)

    work(row.due_at - SECONDS)
    row.refresh_from_db()
    before = row.status
    work(row.due_at)
    row.refresh_from_db()

    assert (before, row.status) == ("planned", "sent")


def test_a_days_notice_from_the_second_is_24_elapsed_hours_F31(service):
    """The first start is Monday, 1:30 AM. Counted from the first 1:30 it would be 12:30 AM."""
    type(service).objects.update(notice_minutes=24 * 60, step_minutes=30, buffer_after=0)
    LocationHours.objects.update(starts_minute=0, ends_minute=1440)
    WorkingHours.objects.update(starts_minute=0, ends_minute=1440)
    monday = date(2027, 11, 8)

    first = {instant: found(service, monday, now=instant)[0].starts_at for instant in (FIRST, SECOND)}

    assert first == {FIRST: clock(monday, 0.5), SECOND: clock(monday, 1.5)}
    assert {instant: at - instant for instant, at in first.items()} == dict.fromkeys(first, timedelta(hours=24))
