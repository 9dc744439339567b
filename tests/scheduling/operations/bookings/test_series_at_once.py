"""Two series taken at the same moment, and a series in every message about it."""

from datetime import UTC, date, datetime

import pytest

from backend.outbox.models import Delivery
from backend.outbox.registry import handler_for
from scheduling.models import Appointment, Booking
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.bookings.release import release
from scheduling.operations.clients import Person
from tests.concurrency.crowd import deadlocks
from tests.factories import NOW, a_practice, a_room, a_stranger
from tests.racing import together
from tests.scheduling.ical.reading import occurrences
from tests.scheduling.messages.people import confirm
from tests.scheduling.queries.weekly import TUESDAY, WEEK, weekly
from tests.scheduling.queries.world import CHICAGO, a_world

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_series_exactly_one_is_booked_without_a_deadlock_F1_F3():
    world = a_world()
    a_room(world.office)
    before = deadlocks()
    ids = [weekly(world, first=first, times=6).id for first in (TUESDAY, TUESDAY + 2 * WEEK)]
    for _ in range(10):
        results = together(2, lambda place: hold(opening=ids[place], by=a_stranger(f"b{place}"), now=NOW))

        lost = [one for one in results if isinstance(one, Exception)]
        assert len(lost) == 1
        assert isinstance(lost[0], Taken)
        held = Booking.objects.get(status="held")
        assert Appointment.objects.filter(status="planned").count() == 6
        release(booking_id=held.pk, by=a_stranger(held.holder), now=NOW)
    assert deadlocks() == before


def test_mail_calendar_and_text_show_three_o_clock_on_both_sides_of_the_november_change_F25():
    world = a_world()
    a_practice()
    now = datetime(2027, 10, 1, 15, tzinfo=UTC)
    opening = weekly(world, times=7, first=date(2027, 10, 19), now=now)
    reached = {"phone": "+12145550111", "may_email": True, "may_text": True, "calendar_invites": True}
    alex = Person(name="Alex Example", email="alex@example.com", **reached)
    booking = hold(opening=opening.id, by=a_stranger(), now=now)
    name_participants(booking_id=booking.pk, people=[alex], by=a_stranger(), now=now)

    confirm(booking, now)

    def sent(at=now, **which):
        delivery = Delivery.objects.get(**which)
        return handler_for(delivery.purpose)(delivery, at)

    mail, text = (sent(purpose="booking_confirmed", channel=channel) for channel in ("email", "sms"))
    invite = sent(purpose="invite")
    reminder = sent(purpose="reminder", key__endswith="20271130T2100Z", at=datetime(2027, 11, 28, 18, tzinfo=UTC))
    shown = [start.astimezone(CHICAGO) for start, _ in occurrences(invite.calendar[1])]
    days = ["October 19", "October 26", "November 2", "November 9", "November 16", "November 23", "November 30"]
    assert all(f"Tuesday, {day}, 3:00 PM to 3:50 PM, Central time" in mail.text for day in days)
    assert [f"{one:%B} {one.day}, {one:%H:%M}" for one in shown] == [f"{day}, 15:00" for day in days]
    assert "Tue, Oct 19, 3:00 PM" in text.body
    assert "Tue, Nov 30, 3:00 PM" in reminder.body
