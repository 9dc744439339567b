"""The sweep keeps standing appointments 26 weeks ahead, and one failing date does not stop the others."""

from datetime import date, timedelta

import pytest

from backend.celery import app
from backend.outbox.models import Delivery
from backend.outbox.registry import handler_for
from backend.worklist.models import WorkItem
from scheduling.models import (
    Appointment,
    Attendance,
    Booking,
    Reservation,
    Service,
    Standing,
    StandingSkip,
    TimeOff,
)
from scheduling.operations.bookings.continue_standing import continue_due, continue_standing
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.participants import name_participants
from scheduling.queries.openings.series import series
from scheduling.tasks import continue_standing as continue_standing_task
from tests.factories import NOW, a_practice, an_actor, in_days
from tests.racing import together
from tests.scheduling.ical.reading import occurrences
from tests.scheduling.messages.people import confirm
from tests.scheduling.operations.standing_bookings import ALEX, ROBIN, confirmed, dates, held
from tests.scheduling.queries.weekly import TUESDAY, WEEK, at, work_around_the_clock
from tests.scheduling.queries.world import CHICAGO, a_world, between, clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    a_practice()
    return a_world()


def test_the_sweep_writes_the_next_week_with_attendance_reservations_and_reminder(world):
    booking = confirmed(world)
    Service.objects.update(horizon_days=30)  # the horizon limits only the first start
    later = NOW + in_days(15)

    assert continue_due(now=later) == 1

    new = Appointment.objects.latest("during")
    client = booking.participants.get().client
    assert dates(booking)[-1] == TUESDAY + 26 * WEEK
    assert new.room == world.room
    taken = Reservation.objects.filter(during__overlap=new.during, released_at=None)
    assert {one.resource_id for one in taken} == {world.person.pk, world.room.pk, client.pk}
    assert {one.held_until for one in taken} == {None}
    assert Attendance.objects.filter(appointment=new, participant__booking=booking).count() == 1
    assert Delivery.objects.filter(purpose="reminder", key__contains=f"{new.during.lower:%Y%m%d}").exists()
    assert continue_due(now=later) == 0


@pytest.mark.parametrize("left_out", [[25], [24, 25], [0, 25], [0], [12]])
def test_a_date_that_was_left_out_stays_out_and_no_other_date_is_lost(world, left_out):
    booking = confirmed(world, skip=[TUESDAY + n * WEEK for n in left_out])

    for week in range(1, 5):
        continue_due(now=NOW + week * WEEK)

    assert dates(booking) == [TUESDAY + n * WEEK for n in range(26 + 3) if n not in left_out]


def test_over_a_year_the_sweep_keeps_three_o_clock_and_26_weeks_F25(world):
    booking = confirmed(world)

    for week in range(1, 53):
        continue_due(now=NOW + week * WEEK)

    written = Appointment.objects.filter(attendances__participant__booking=booking)
    assert {one.during.lower.astimezone(CHICAGO).strftime("%a %H:%M") for one in written} == {"Tue 15:00"}
    assert {one.during.lower.hour for one in written} == {20, 21}
    assert dates(booking) == [TUESDAY + n * WEEK for n in range(26 + 51)]


def test_a_standing_appointment_of_every_second_week_leaves_the_others_alone(world):
    one = confirmed(world, every=2)
    other = confirmed(world, ROBIN, every=2, first=TUESDAY + WEEK)

    for week in range(1, 9):
        continue_due(now=NOW + week * WEEK)

    assert dates(one) == [TUESDAY + n * WEEK for n in range(0, 33, 2)]
    assert dates(other) == [TUESDAY + n * WEEK for n in range(1, 33, 2)]
    assert not WorkItem.objects.exists()


def test_a_taken_date_becomes_a_skip_and_a_work_item_and_other_dates_are_written_F10(world):
    booking = confirmed(world)
    gap = TUESDAY + 27 * WEEK
    TimeOff.objects.create(clinician=world.person, during=between(9, 17, gap))

    assert continue_due(now=NOW + 4 * WEEK) == 2

    assert dates(booking) == [TUESDAY + n * WEEK for n in range(29) if n != 27]
    assert list(StandingSkip.objects.values_list("on", flat=True)) == [gap]
    item = WorkItem.objects.get()
    assert (item.kind, item.subject_id, item.location_id) == ("clash", str(booking.pk), world.office.pk)
    assert item.words == "A standing appointment cannot take place on Tue, Aug 17, 2027. This time is not free."


def test_a_failure_of_one_standing_appointment_does_not_stop_the_others(world, caplog):
    broken, sound = confirmed(world), confirmed(world, ROBIN, first=TUESDAY + timedelta(days=1))
    # This id cannot be decoded. It is read inside the transaction of its own booking.
    Booking.objects.filter(pk=broken.pk).update(opening="x")

    assert continue_due(now=NOW + 2 * WEEK) == 1

    assert len(dates(sound)) == 27
    assert f"standing appointment {broken.pk} was not continued" in caplog.text


def test_a_hold_is_not_continued_before_it_is_confirmed(world):
    held(world)

    assert continue_due(now=NOW + 3 * WEEK) == 0


def test_an_ended_standing_appointment_is_not_continued_past_its_end(world):
    booking = confirmed(world)
    Standing.objects.update(ended_on=TUESDAY + 28 * WEEK)

    assert continue_due(now=NOW + 10 * WEEK) == 2
    assert continue_due(now=NOW + 11 * WEEK) == 0
    assert dates(booking)[-1] == TUESDAY + 27 * WEEK


def test_dates_within_a_pause_are_left_out(world):
    booking = confirmed(world)
    Standing.objects.update(paused_from=TUESDAY + 27 * WEEK, paused_until=TUESDAY + 29 * WEEK)

    assert continue_due(now=NOW + 5 * WEEK) == 2
    assert dates(booking)[-2:] == [TUESDAY + 26 * WEEK, TUESDAY + 29 * WEEK]


def test_a_service_that_is_no_longer_offered_leaves_a_skip_and_a_work_item(world):
    confirmed(world)
    Service.objects.update(is_active=False)

    assert continue_due(now=NOW + 2 * WEEK) == 0

    item = WorkItem.objects.get()
    assert item.words == "A standing appointment cannot take place on Tue, Aug 10, 2027. It is not offered any more."


def test_new_slugs_do_not_stop_the_sweep(world):
    booking = confirmed(world)
    Service.objects.update(slug="another-name")
    type(world.office).objects.update(slug="another-place")

    assert continue_due(now=NOW + 2 * WEEK) == 1
    assert len(dates(booking)) == 27


def test_a_date_on_which_clocks_show_the_time_twice_becomes_a_skip_F29(world):
    work_around_the_clock(world)
    sunday = date(2027, 4, 18)
    now = clock(sunday, 12) - in_days(14)
    first = at(world.service, sunday, 1.5, now=now)
    opening = series(opening=first, times=None, every_n_weeks=1, now=now).opening
    booking = hold(opening=opening.id, by=an_actor(), now=now)
    name_participants(booking_id=booking.pk, people=[ALEX], by=an_actor(), now=now)
    confirm(booking, now)

    continue_due(now=now + 10 * WEEK)

    written = Appointment.objects.filter(attendances__participant__booking=booking)
    assert {one.during.lower.astimezone(CHICAGO).strftime("%H:%M") for one in written} == {"01:30"}
    assert date(2027, 11, 7) not in dates(booking)
    assert dates(booking)[-1] > date(2027, 11, 7)
    assert "happens twice" in WorkItem.objects.get().words


def test_an_invite_of_a_standing_appointment_shows_every_date_at_its_wall_time_F25(world):
    booking = confirmed(world)
    invite = Delivery.objects.get(purpose="invite")

    message = handler_for("invite")(invite, NOW)

    shown = [start.astimezone(CHICAGO) for start, _ in occurrences(message.calendar[1])]
    assert [one.date() for one in shown] == dates(booking)
    assert {(one.hour, one.minute) for one in shown} == {(15, 0)}


def test_calendars_get_further_dates_once_a_quarter(world):
    confirmed(world)

    for week in range(1, 20):
        continue_due(now=NOW + week * WEEK)

    sequences = Delivery.objects.filter(purpose="invite").order_by("pk").values_list("key", flat=True)
    assert [key.rsplit(":", 1)[1] for key in sequences] == ["0", "1"]


def test_beat_runs_the_sweep():
    entry = app.conf.beat_schedule["continue standing appointments"]

    assert entry["task"] == continue_standing_task.name
    assert continue_standing_task() is None


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_write_each_date_once():
    a_practice()
    world = a_world()
    booking = confirmed(world)
    later = NOW + 3 * WEEK

    added = together(2, lambda _: continue_standing(booking_id=booking.pk, by=an_actor(), now=later))

    assert added in ([0, 2], [2, 0])
    assert len(dates(booking)) == 28
