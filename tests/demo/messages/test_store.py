"""Messages are stored as each person received them, completely or not at all."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from django.conf import settings as django_settings
from django.core.mail import EmailMultiAlternatives

from backend.channels import sms
from backend.channels.email import Mail, send
from demo.messages import store
from demo.messages.store import Stored

INVITE = ("REQUEST", "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n")
NOW = datetime(2027, 3, 1, tzinfo=UTC)


def a_mail(to="alex@example.com"):
    return Mail(to=to, subject="Your bóoking", text="Hello\n", html="<p>Hello</p>", calendar=INVITE)


def test_a_mail_is_kept_with_all_its_parts():
    send(a_mail(), message_id="<1@hep.example>")

    (kept,) = store.newest()
    assert (kept.channel, kept.to, kept.subject) == ("email", "alex@example.com", "Your bóoking")
    assert (kept.text.strip(), kept.html.strip(), kept.outbox_id) == ("Hello", "<p>Hello</p>", "<1@hep.example>")
    assert kept.calendar.startswith("BEGIN:VCALENDAR")
    assert 'text/calendar; method="REQUEST"; charset="utf-8"' in kept.raw


def test_a_mail_to_two_people_is_two_messages():
    EmailMultiAlternatives("Hello", "Hello", "a@example.com", ["b@example.com"], cc=["c@example.com"]).send()

    assert sorted(message.to for message in store.newest()) == ["b@example.com", "c@example.com"]


def test_a_text_is_kept_and_found_again_by_its_reference():
    text = sms.Text(to="+12145550123", body="Hello")

    message_id = sms.send(text)

    assert sms.find(reference=text.reference, since=NOW - timedelta(days=3650)) == message_id
    assert store.newest()[0].text == "Hello"


def test_a_text_from_before_since_is_not_found():
    text = sms.Text(to="+12145550123", body="Hello")
    sms.send(text)

    assert sms.find(reference=text.reference, since=datetime.now(UTC) + timedelta(minutes=1)) is None


def test_messages_are_listed_latest_first():
    for minute in range(3):
        at = NOW + timedelta(minutes=minute)
        store.write(Stored(id=store.new_id(at), channel="sms", to=str(minute), sent_at=at.isoformat()))

    assert [message.to for message in store.newest()] == ["2", "1", "0"]


def test_an_id_that_leads_out_of_the_folder_is_not_found(tmp_path):
    (tmp_path / "secret.json").write_text("{}")

    assert store.get("../secret") is None


WRITER = """
import django; django.setup()
from backend.channels.email import Mail, send
while True:
    send(Mail(to="alex@example.com", subject="Hello", text="x" * 200_000), message_id="<1@hep.example>")
"""


def test_a_kill_at_any_moment_leaves_only_whole_messages(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER],
        cwd=django_settings.BASE_DIR,
        env=os.environ
        | {"VAR_DIR": str(tmp_path), "EMAIL_BACKEND": "demo.messages.backend.EmailBackend"}
        | {"DJANGO_SETTINGS_MODULE": "backend.settings"},
    )
    deadline = time.monotonic() + 30
    while len(list((tmp_path / "messages").glob("*.json"))) < 20 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait(10)

    kept = store.newest()
    assert len(kept) >= 20
    assert all(len(message.text) >= 200_000 for message in kept)
