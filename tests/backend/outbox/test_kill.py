"""A worker killed between claim and record, and a flushed broker, lose and repeat no message (F108)."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from backend.outbox.models import Delivery
from backend.outbox.operations import Planned, plan
from backend.outbox.sweeping import STUCK_AFTER
from backend.outbox.tasks import deliver_one, sweep
from backend.worklist.models import WorkItem
from scheduling.models import Booking
from scheduling.operations.clients import Person
from tests.backend.channels.provider import Twilio, serving
from tests.factories import a_practice
from tests.scheduling.messages.people import ALEX, PHONE, confirm, held_visit

from .worker import ask, flush_broker, mail_server, until, worker

pytestmark = [pytest.mark.stack, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def empty_broker():
    flush_broker()
    yield
    flush_broker()


@pytest.fixture
def booking():
    a_practice()
    return confirm(held_visit(ALEX), notify=False)


def due_mails(booking, count=1):
    now = timezone.now()
    with transaction.atomic():
        return [
            plan(
                Planned(
                    key=f"booking_confirmed:email:{number}",
                    purpose="booking_confirmed",
                    channel="email",
                    subject="participant",
                    subject_id=booking.participants.get().pk,
                    due_at=now,
                ),
                now=now,
            )
            for number in range(count)
        ]


def statuses():
    return Counter(Delivery.objects.filter(purpose="booking_confirmed").values_list("status", flat=True))


def make_claims_old():
    Delivery.objects.filter(status="claimed").update(claimed_at=timezone.now() - STUCK_AFTER - timedelta(seconds=1))


def test_a_worker_killed_between_claim_and_send_causes_one_mail(booking):
    (row,) = due_mails(booking)
    with mail_server() as (mailbox, port):
        mailbox.stop("before")
        with worker(EMAIL_PORT=str(port)) as first:
            ask(deliver_one, delivery_id=row.pk)
            until(mailbox.reached.is_set)
            first.kill()
        assert statuses() == {"claimed": 1}
        mailbox.go()
        make_claims_old()

        with worker(EMAIL_PORT=str(port)):
            ask(sweep)
            until(lambda: statuses() == {"sent": 1})

    assert mailbox.ids == [Delivery.objects.get(pk=row.pk).message_id]


def test_a_worker_killed_after_the_server_took_the_mail_repeats_it_under_its_message_id(booking):
    (row,) = due_mails(booking)
    with mail_server() as (mailbox, port):
        mailbox.stop("after")
        with worker(EMAIL_PORT=str(port)) as first:
            ask(deliver_one, delivery_id=row.pk)
            until(mailbox.reached.is_set)
            first.kill()
        mailbox.go()
        make_claims_old()

        with worker(EMAIL_PORT=str(port)):
            ask(sweep)
            until(lambda: statuses() == {"sent": 1})

    assert mailbox.ids == [Delivery.objects.get(pk=row.pk).message_id] * 2


def test_a_worker_killed_among_many_mails_and_a_flushed_broker_lose_no_mail(booking):
    due_mails(booking, 30)
    with mail_server() as (mailbox, port):
        mailbox.stop("after", let_through=12)
        with worker(EMAIL_PORT=str(port)) as first:
            ask(sweep)
            until(mailbox.reached.is_set)
            first.kill()
        flush_broker()
        mailbox.go()
        make_claims_old()

        with worker(EMAIL_PORT=str(port)):
            ask(sweep)
            until(lambda: statuses() == {"sent": 30})

    got = Counter(mailbox.ids)
    assert set(got) == set(Delivery.objects.filter(purpose="booking_confirmed").values_list("message_id", flat=True))
    assert sorted(got.values()) == [1] * 29 + [2]


def test_after_the_broker_is_flushed_the_sweep_sends_the_mail(booking):
    (row,) = due_mails(booking)
    ask(deliver_one, delivery_id=row.pk)
    flush_broker()

    with mail_server() as (mailbox, port), worker(EMAIL_PORT=str(port)):
        ask(sweep)
        until(lambda: statuses() == {"sent": 1})

    assert len(mailbox.ids) == 1


def test_the_same_delivery_from_two_beats_and_a_nudge_is_sent_once_F111(booking):
    rows = due_mails(booking, 5)

    with mail_server() as (mailbox, port), worker(EMAIL_PORT=str(port)), worker(EMAIL_PORT=str(port)):
        for row in rows:
            ask(deliver_one, delivery_id=row.pk)
            ask(sweep)
        until(lambda: statuses() == {"sent": 5})

    assert Counter(mailbox.ids).most_common(1)[0][1] == 1


@pytest.mark.parametrize(("arrived", "ends"), [(True, "sent"), (False, "unknown")])
def test_a_text_whose_worker_was_killed_is_looked_up_and_never_sent_twice(arrived, ends):
    a_practice()
    booking = held_visit(Person(name="Kim", phone=PHONE, may_text=True))
    confirm(booking)
    row = Delivery.objects.get(purpose="booking_confirmed")
    # Quiet hours would postpone the text.
    make_it_day_for(booking)
    Delivery.objects.filter(pk=row.pk).update(due_at=timezone.now(), too_late_at=None)
    with serving() as address:
        settings = {
            "SMS_BACKEND": "backend.channels.twilio.TwilioTexts",
            "TWILIO_API_BASE": address,
            "TWILIO_ACCOUNT_SID": "AC1",
        }
        Twilio.keeps = arrived
        Twilio.gate = gate = type(Twilio.reached)()
        with worker(**settings) as first:
            ask(deliver_one, delivery_id=row.pk)
            until(Twilio.reached.is_set)
            first.kill()
        gate.set()
        make_claims_old()

        with worker(**settings):
            ask(sweep)
            until(lambda: statuses() == {ends: 1})

        assert len([one for one in Twilio.seen if one.startswith("Basic")]) == 1
        assert WorkItem.objects.count() == (0 if arrived else 1)


def make_it_day_for(booking: Booking) -> None:
    """Move the client to a time zone where it is daytime now."""
    hour = timezone.now().hour
    zone = "Etc/UTC" if 9 <= hour < 20 else "Asia/Tokyo" if 0 <= hour < 9 else "Pacific/Honolulu"
    client = booking.participants.get().client
    assert client is not None
    client.zone = zone
    client.save()
