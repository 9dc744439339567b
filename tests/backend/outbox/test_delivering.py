"""A claimed row is sent, withdrawn, missed, failed, or planned again."""

import time
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core import mail
from django.db import connection

from backend.outbox.models import Delivery
from backend.outbox.sweeping import STUCK_AFTER, sweep
from backend.outbox.tasks import deliver_due
from backend.worklist.models import WorkItem

from .rows import NOW, Command, Later, a_mail, a_text, answering, planned

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def work(now=NOW):
    return deliver_due(until=time.monotonic() + 20, now=now)


def the_row(key="k1"):
    return Delivery.objects.get(key=key)


def test_a_mail_is_sent_once_and_recorded():
    planned()

    work()
    work()

    assert [message.to for message in mail.outbox] == [["k1@example.com"]]
    assert (the_row().status, the_row().attempts) == ("sent", 1)


def test_the_message_id_is_stored_and_is_the_one_in_the_mail():
    planned()

    work()

    assert the_row().message_id == mail.outbox[0].extra_headers["Message-ID"]


def test_a_message_that_is_no_longer_true_is_withdrawn():
    planned()

    with answering(lambda delivery, now: None):
        work()

    assert the_row().status == "withdrawn"
    assert mail.outbox == []


def test_no_transaction_is_open_while_a_message_is_sent(transactional_db):
    planned(channel="command")
    seen = []

    with answering(lambda delivery, now: Command(lambda: seen.append(connection.in_atomic_block))):
        work()

    assert seen == [False]


def test_a_message_that_must_wait_is_planned_again_without_counting_a_try():
    planned()

    with answering(lambda delivery, now: Later(now + 60 * MINUTE)):
        work()

    assert (the_row().status, the_row().due_at, the_row().attempts) == ("planned", NOW + 60 * MINUTE, 0)


def test_a_message_that_would_wait_past_its_limit_is_missed():
    planned(too_late_at=NOW + 30 * MINUTE)

    with answering(lambda delivery, now: Later(now + 60 * MINUTE)):
        work()

    assert the_row().status == "missed"


def test_after_an_outage_a_late_message_is_missed_and_opens_a_work_item_F114():
    planned("late", too_late_at=NOW + 60 * MINUTE, location_id=7)
    planned("good", too_late_at=NOW + 48 * 60 * MINUTE)

    work(NOW + 26 * 60 * MINUTE)

    assert (the_row("late").status, the_row("good").status) == ("missed", "sent")
    item = WorkItem.objects.get()
    assert (item.kind, item.location_id, item.subject_id) == ("undelivered", 7, "1")


def test_one_bad_address_does_not_stop_the_rest_F117():
    for number in range(5):
        planned(f"k{number}")

    def answer(delivery, now):
        if delivery.key == "k2":
            raise ValueError("bad")
        return a_mail(delivery, now)

    with answering(answer):
        work()

    assert Delivery.objects.filter(status="sent").count() == 4
    assert the_row("k2").status == "planned"
    assert the_row("k2").due_at > NOW


def test_retries_pause_longer_each_time_and_end_in_a_work_item():
    planned(channel="command")
    now, tries = NOW, []

    def fails():
        tries.append(now)
        raise OSError

    with answering(lambda delivery, at: Command(fails)):
        while the_row().status == "planned":
            now = the_row().due_at
            work(now)

    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses == sorted(pauses)
    assert (len(tries), the_row().status) == (7, "failed")
    assert WorkItem.objects.get().kind == "undelivered"


def test_after_a_server_was_down_the_retry_has_the_same_message_id(settings):
    planned()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    work()
    first = the_row()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    work(first.due_at)

    assert (first.status, first.error) == ("planned", "ConnectionRefusedError")
    assert mail.outbox[0].extra_headers["Message-ID"] == first.message_id


def test_a_refused_number_is_not_tried_again(phone):
    planned(channel="sms")
    phone.mood = "refuses"

    with answering(a_text):
        work()

    assert (the_row().status, the_row().error) == ("failed", "21610")


def test_a_text_refused_by_a_busy_provider_is_planned_again(phone):
    planned(channel="sms")
    phone.mood = "busy"

    with answering(a_text):
        work()

    assert the_row().status == "planned"


def test_a_text_whose_answer_was_lost_is_found_at_the_provider_and_not_sent_again_F108(phone):
    planned(channel="sms")
    phone.mood = "loses the answer"
    with answering(a_text):
        work()
        left = the_row().status

        sweep(now=NOW + STUCK_AFTER)
        work(NOW + STUCK_AFTER)

    assert left == "claimed"
    assert (the_row().status, the_row().message_id, len(phone.sent)) == ("sent", "SM1", 1)


def test_a_text_that_the_provider_does_not_know_is_unknown_and_never_sent_again_F108(phone):
    row = planned(channel="sms")
    Delivery.objects.filter(pk=row.pk).update(
        status="claimed", claimed_at=NOW, claim="0" * 32, message_id="a-reference", attempts=1
    )

    with answering(a_text):
        sweep(now=NOW + STUCK_AFTER)
        work(NOW + STUCK_AFTER)

    assert (the_row().status, phone.sent) == ("unknown", [])
    assert WorkItem.objects.get().kind == "undelivered"


def test_a_text_that_was_claimed_but_not_handed_over_is_sent(phone):
    row = planned(channel="sms")
    Delivery.objects.filter(pk=row.pk).update(status="claimed", claimed_at=NOW, claim="0" * 32, attempts=1)

    with answering(a_text):
        sweep(now=NOW + STUCK_AFTER)
        work(the_row().due_at)

    assert (the_row().status, len(phone.sent)) == ("sent", 1)


def test_a_mail_whose_fate_is_unknown_is_sent_again_under_its_message_id():
    row = planned()
    Delivery.objects.filter(pk=row.pk).update(
        status="claimed", claimed_at=NOW, claim="0" * 32, message_id="<kept@hep.example>", attempts=1
    )

    sweep(now=NOW + STUCK_AFTER)
    work(the_row().due_at)

    assert mail.outbox[0].extra_headers["Message-ID"] == "<kept@hep.example>"


def test_a_recent_claim_is_left_to_its_worker():
    row = planned()
    Delivery.objects.filter(pk=row.pk).update(status="claimed", claimed_at=NOW, claim="0" * 32)

    assert sweep(now=NOW + STUCK_AFTER - MINUTE) == 0


def test_a_worker_that_lost_its_claim_sends_nothing():
    row = planned()

    def answer(delivery, now):
        Delivery.objects.filter(pk=row.pk).update(claim="f" * 32)
        return a_mail(delivery, now)

    with answering(answer):
        work()

    assert mail.outbox == []
    assert the_row().status == "claimed"


def test_a_purpose_without_a_handler_waits_for_one():
    planned(purpose="from the future")

    work()

    assert (the_row().status, the_row().error) == ("planned", "NoHandler")
