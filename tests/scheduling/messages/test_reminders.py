"""When reminders are planned, sent, put off or withdrawn."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.range import Range

from backend.outbox.models import Delivery
from scheduling import events
from scheduling.messages.timing import after_quiet, days_before, is_quiet
from scheduling.models import Appointment, Client
from scheduling.operations.clients import Person
from scheduling.queries.people.parts import parts_of
from tests.factories import NOW

from .people import ALEX, PHONE, SAM, confirm, held_couple, held_visit, work

ZONES = ["America/Chicago", "America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "Europe/London"]


def due():
    rows = Delivery.objects.filter(purpose="reminder").order_by("due_at")
    return [(row.channel, row.due_at.astimezone(ZoneInfo("America/Chicago")).strftime("%m-%d %H:%M")) for row in rows]


def shift(appointment, *, hours):
    by, old = timedelta(hours=hours), appointment.during
    appointment.during = Range(old.lower + by, old.upper + by, "[)")
    appointment.save()


def test_a_visit_booked_within_a_week_has_only_the_reminder_two_days_ahead():
    confirm(held_visit(ALEX))

    assert due() == [("email", "02-06 09:00")]


def test_a_program_booked_early_has_digests_three_weeks_a_week_and_two_days_ahead():
    booking = held_couple(ALEX, SAM)
    early = datetime(2027, 1, 4, 15, 0, tzinfo=UTC)

    confirm(booking, now=early)

    assert due() == [("email", "01-18 09:00"), ("email", "02-01 09:00"), ("email", "02-06 09:00")]


def test_reminders_far_ahead_go_by_mail_and_two_days_ahead_by_text():
    both = Person(name="Kim", email="kim@example.com", phone=PHONE, may_email=True, may_text=True)

    confirm(held_visit(both), now=datetime(2027, 1, 25, 15, 0, tzinfo=UTC))

    assert due() == [("email", "02-01 09:00"), ("sms", "02-06 09:00")]


def test_no_reminder_is_planned_on_the_day_of_the_visit():
    confirm(held_visit(ALEX), now=datetime(2027, 2, 7, 15, 0, tzinfo=UTC))

    assert due() == []


def test_a_reminder_is_one_mail_and_lists_all_days_of_a_program():
    booking = held_couple(ALEX, SAM)
    confirm(booking)
    work()
    mail.outbox.clear()

    work(datetime(2027, 2, 6, 15, 0, tzinfo=UTC))

    (digest,) = mail.outbox
    assert digest.body.count("Central time") == 4


def test_a_visit_moved_before_the_reminder_withdraws_the_old_one_F105():
    confirm(held_visit(ALEX))
    work()
    mail.outbox.clear()
    for one in Appointment.objects.all():
        one.during = type(one.during)(
            one.during.lower + timedelta(hours=3), one.during.upper + timedelta(hours=3), "[)"
        )
        one.save()

    work(datetime(2027, 2, 6, 15, 0, tzinfo=UTC))

    assert Delivery.objects.get(purpose="reminder").status == "withdrawn"
    assert mail.outbox == []


def test_a_visit_moved_away_and_back_has_one_reminder():
    booking = confirm(held_visit(ALEX))
    work()
    mail.outbox.clear()
    shift(Appointment.objects.get(), hours=3)
    shift(Appointment.objects.get(), hours=-3)

    work(datetime(2027, 2, 6, 15, 0, tzinfo=UTC))

    assert [one.subject for one in mail.outbox] == ["Reminder: Monday, February 8"]
    assert booking.status == "confirmed"


def test_a_reminder_delivered_at_night_is_put_off_until_the_morning_F115():
    confirm(held_visit(ALEX))
    work()
    mail.outbox.clear()

    work(datetime(2027, 2, 7, 9, 0, tzinfo=UTC))  # 3:00 AM Central

    row = Delivery.objects.get(purpose="reminder")
    assert (row.status, row.due_at) == ("planned", datetime(2027, 2, 7, 14, 0, tzinfo=UTC))
    assert mail.outbox == []


def test_a_recipient_in_hawaii_gets_reminders_in_their_own_daytime_F115():
    booking = held_visit(Person(name="Kim", phone=PHONE, may_text=True))
    Client.objects.update(zone="Pacific/Honolulu")

    confirm(booking)

    row = Delivery.objects.get(purpose="reminder")
    # 9:00 AM Central is 5:00 AM in Hawaii, so the reminder moves to the evening before.
    assert row.due_at.astimezone(ZoneInfo("Pacific/Honolulu")).strftime("%m-%d %H:%M") == "02-05 20:00"


def test_the_same_event_twice_plans_each_mail_once():
    booking = confirm(held_visit(ALEX))

    with transaction.atomic():
        events.booking_confirmed(parts=parts_of(booking), now=NOW)
    work()

    assert sorted(one.subject for one in mail.outbox) == [
        "Calendar entry for Monday, February 8",
        "Your booking for Monday, February 8",
    ]


INSTANTS = st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(INSTANTS, st.sampled_from(ZONES), st.sampled_from([2, 7, 21]))
def test_a_reminder_is_never_due_at_night_or_late_across_clock_changes(start, zone, days):
    wall = ZoneInfo(zone)
    due_at = days_before(start, days, wall)

    assert not is_quiet(due_at, wall)
    assert timedelta(days=days) - timedelta(hours=2) <= start - due_at <= timedelta(days=days + 1)


@given(INSTANTS, st.sampled_from(ZONES))
def test_a_message_put_off_in_quiet_hours_waits_at_most_half_a_day(at, zone):
    wall = ZoneInfo(zone)
    later = after_quiet(at, wall)

    assert not is_quiet(later, wall)
    assert timedelta(0) <= later - at <= timedelta(hours=12)


@pytest.mark.parametrize(("hour", "quiet"), [(7, True), (8, False), (20, False), (21, True)])
def test_texts_may_be_sent_from_8_am_to_9_pm(hour, quiet):
    wall = ZoneInfo("America/Chicago")

    assert is_quiet(datetime(2027, 3, 14, hour, 0, tzinfo=wall), wall) is quiet
