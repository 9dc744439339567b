"""Who gets a message about a booking, and by which channel (promises 8 and 10)."""

from datetime import timedelta

from django.core import mail
from django.db import transaction

from backend.outbox.models import Delivery
from backend.transactions import durable
from scheduling import events
from scheduling.models import Booking, CalendarObject, Client, ManageToken
from scheduling.operations.bookings.choose_contact import choose_contact
from scheduling.operations.bookings.expire import expire_due, free_step
from scheduling.operations.bookings.status import move_step
from scheduling.operations.clients import Person
from scheduling.queries.people.links import link_of
from tests.factories import NOW, a_stranger, an_actor

from .people import ALEX, PHONE, SAM, confirm, held_couple, held_visit, work


def purposes(to=None, **conditions):
    rows = Delivery.objects.filter(**conditions).order_by("purpose", "due_at")
    if to is not None:
        rows = rows.filter(receiver_id=Client.objects.get(email=to).pk)
    return list(rows.values_list("purpose", flat=True))


@durable
def cancel(booking, *, now=NOW, notify=True):
    locked = Booking.objects.select_for_update().get(pk=booking.pk)
    free_step(bookings=[locked], now=now)
    move_step(booking=locked, to="cancelled", by=an_actor(), now=now)
    events.booking_cancelled(booking=locked, now=now, notify=notify)


def test_a_hold_plans_no_message():
    held_couple(ALEX, SAM)

    assert not Delivery.objects.exists()


def test_the_first_partner_gets_what_they_chose_and_the_second_one_neutral_message():
    confirm(held_couple(ALEX, SAM))

    work()

    assert sorted(one.to[0] for one in mail.outbox) == ["alex@example.com", "alex@example.com", "sam@example.com"]
    assert purposes(to="sam@example.com") == ["partner_introduction"]
    assert purposes(to="alex@example.com", status="sent") == ["booking_confirmed", "invite"]


def test_the_introduction_names_neither_partner_nor_time():
    confirm(held_couple(ALEX, SAM))

    work()

    (words,) = [one.body for one in mail.outbox if one.to == ["sam@example.com"]]
    assert not any(word in words for word in ("Alex", "Sam", "February", "AM", "Frisco"))


def test_the_introduction_is_revoked_when_its_receiver_has_chosen():
    booking = confirm(held_couple(ALEX, SAM))
    work()
    second = booking.participants.get(track="B")
    token = ManageToken.objects.get(participant=second, purpose="introduction")

    choose_contact(participant_id=second.pk, choice=SAM, by=a_stranger(), now=NOW)

    token.refresh_from_db()
    assert token.revoked_at == NOW


def test_a_partner_who_has_chosen_before_the_mail_went_gets_no_introduction():
    booking = confirm(held_couple(ALEX, SAM))
    second = booking.participants.get(track="B")

    choose_contact(participant_id=second.pk, choice=SAM, by=a_stranger(), now=NOW)
    work()

    assert purposes(to="sam@example.com", status="withdrawn") == ["partner_introduction"]
    assert not [one for one in mail.outbox if one.to == ["sam@example.com"]]


def test_a_partner_who_opts_in_gets_their_own_confirmation_invite_and_reminders():
    booking = confirm(held_couple(ALEX, SAM))
    work()
    choice = Person(name="Sam", email="sam@example.com", may_email=True, calendar_invites=True)

    choose_contact(participant_id=booking.participants.get(track="B").pk, choice=choice, by=a_stranger(), now=NOW)
    work()

    assert purposes(to="sam@example.com", status="sent") == ["booking_confirmed", "invite", "partner_introduction"]
    assert purposes(to="sam@example.com", status="planned") == ["reminder"]


def test_a_booking_confirmed_without_notice_still_has_reminders():
    confirm(held_couple(ALEX, SAM), notify=False)

    assert set(purposes()) == {"reminder"}


def test_a_client_who_chose_no_channel_gets_no_message():
    confirm(held_visit(Person(name="Kim Example", email="kim@example.com", phone=PHONE)))

    assert not Delivery.objects.exists()


def test_a_channel_turned_off_before_sending_withdraws_the_mail():
    confirm(held_visit(ALEX))

    Client.objects.update(may_email=False)
    work()

    assert "sent" not in set(Delivery.objects.filter(purpose="booking_confirmed").values_list("status", flat=True))


def test_a_reminder_of_a_booking_cancelled_a_second_before_is_not_sent_F105():
    booking = confirm(held_visit(ALEX))
    work()
    reminder = Delivery.objects.filter(purpose="reminder").latest("due_at")
    Booking.objects.filter(pk=booking.pk).update(status="cancelled", cancelled_at=NOW)
    before = len(mail.outbox)

    work(reminder.due_at)

    reminder.refresh_from_db()
    assert (reminder.status, len(mail.outbox)) == ("withdrawn", before)


def test_a_cancellation_mails_clients_who_chose_mail_and_updates_their_calendar_F84():
    booking = confirm(held_couple(ALEX, SAM))
    work()
    mail.outbox.clear()

    cancel(booking)
    work()

    assert sorted(one.subject for one in mail.outbox) == [
        "Canceled: Monday, February 8",
        "Your booking for Monday, February 8 is canceled",
    ]
    calendars = [part.mimetype for one in mail.outbox for part in one.alternatives if "calendar" in part.mimetype]
    assert calendars == ["text/calendar; method=CANCEL"]
    assert CalendarObject.objects.get().sequence == 1


def test_a_cancellation_withdraws_the_reminders():
    booking = confirm(held_visit(ALEX))

    cancel(booking)

    assert purposes(status="planned") == ["booking_cancelled", "invite"]


def test_a_calendar_that_never_got_the_invite_gets_no_cancellation():
    booking = confirm(held_visit(ALEX))

    cancel(booking)
    work()

    assert purposes(status="sent") == ["booking_cancelled"]


def test_an_expired_hold_mails_only_the_first_person():
    held_couple(Person(name="Al", email="al@example.com", phone=PHONE, may_email=True, may_text=True), SAM)
    later = NOW + timedelta(minutes=16)

    expire_due(now=later)
    work(later)

    assert [(one.to, one.subject) for one in mail.outbox] == [
        (["al@example.com"], "The time we held for you is free again")
    ]


def test_a_move_raises_the_sequence_and_sends_an_update_under_the_same_uid_F83():
    booking = confirm(held_visit(ALEX))
    work()
    mail.outbox.clear()

    with transaction.atomic():
        events.booking_moved(booking=booking, now=NOW)
    work()

    (update,) = [part.content for one in mail.outbox for part in one.alternatives if "calendar" in part.mimetype]
    assert "SEQUENCE:1" in update
    assert f"UID:{CalendarObject.objects.get().uid}" in update


def test_two_moves_before_the_mail_is_sent_are_announced_once():
    booking = confirm(held_visit(ALEX))
    work()
    mail.outbox.clear()
    for minute in range(2):
        with transaction.atomic():
            events.booking_moved(booking=booking, now=NOW + timedelta(minutes=minute), grace=timedelta(minutes=3))

    work(NOW + timedelta(minutes=10))

    assert sorted(one.subject.split(" for ")[0].split(" has ")[0] for one in mail.outbox) == [
        "Calendar entry",
        "Your booking",
    ]


def test_a_person_whom_a_change_does_not_concern_gets_no_message_F102():
    booking = confirm(held_couple(ALEX, SAM))
    work()
    mail.outbox.clear()

    with transaction.atomic():
        events.booking_moved(booking=booking, now=NOW, participants=[booking.participants.get(track="B").pk])
    work()

    assert mail.outbox == []
    assert CalendarObject.objects.get().sequence == 0


def test_the_link_in_a_mail_opens_the_part_of_its_receiver():
    booking = confirm(held_couple(ALEX, SAM))

    work()

    (words,) = [one.body for one in mail.outbox if "You are booked" in one.body]
    secret = words.split("/m/")[1].split("/")[0]
    link = link_of(secret=secret)
    assert link is not None
    assert link.participant == booking.participants.get(track="A")


def test_a_confirmation_by_text_waits_for_the_morning_F115():
    booking = held_visit(Person(name="Kim", phone=PHONE, may_text=True))
    night = NOW.replace(day=2, hour=4)  # 10:00 PM Central
    Booking.objects.filter(pk=booking.pk).update(hold_expires_at=night + timedelta(hours=1))

    confirm(booking, now=night)

    assert Delivery.objects.get(purpose="booking_confirmed").due_at == NOW.replace(day=2, hour=14)
