"""The bytes of a mail as they are sent."""

import email
import email.policy
import smtplib

import pytest
from django.core import mail

from backend.channels.email import Mail, _refusal, compose, new_message_id, send
from backend.channels.errors import NotSent, Refused

ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def a_mail(**fields):
    defaults = {
        "to": "alex@example.com",
        "subject": "Your booking",
        "text": "Hello\n",
        "html": "<p>Hello</p>",
        "sender": ("HEP Appointments", "appointments@hep.example"),
        "calendar": ("REQUEST", ICS),
    }
    return Mail(**(defaults | fields))


def parsed(message):
    raw = compose(message, message_id="<1@hep.example>").message().as_bytes(linesep="\r\n")
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_an_invite_is_text_then_html_then_calendar_F82():
    whole = parsed(a_mail())

    assert whole.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in whole.iter_parts()] == ["text/plain", "text/html", "text/calendar"]


def test_the_calendar_part_has_one_method_one_charset_and_no_disposition_F81_F82():
    part = list(parsed(a_mail()).iter_parts())[2]

    assert part["Content-Disposition"] is None
    assert dict(part["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert str(part["Content-Type"]).lower().count("charset") == 1


def test_the_calendar_text_arrives_unchanged():
    long = ICS.replace("END", "X-LONG:" + "é" * 200 + "\r\nEND")

    part = list(parsed(a_mail(calendar=("REQUEST", long))).iter_parts())[2]

    assert part.get_content().replace("\r\n", "\n") == long.replace("\r\n", "\n")


def test_a_mail_without_a_calendar_has_two_parts():
    assert [part.get_content_type() for part in parsed(a_mail(calendar=None)).iter_parts()] == [
        "text/plain",
        "text/html",
    ]


def test_the_headers_name_the_sender_and_ask_for_no_automatic_reply():
    whole = parsed(a_mail())

    assert whole["From"] == "HEP Appointments <appointments@hep.example>"
    assert (whole["Auto-Submitted"], whole["Message-ID"]) == ("auto-generated", "<1@hep.example>")
    assert len(whole.get_all("Message-ID")) == 1


def test_a_mail_has_no_headers_beyond_the_known_ones():
    known = {
        "content-type", "mime-version", "subject", "from", "to", "date", "message-id", "auto-submitted",
        "x-auto-response-suppress",
    }  # fmt: skip

    assert {name.lower() for name, _ in parsed(a_mail()).items()} == known


def test_a_name_with_quotes_and_commas_is_one_sender():
    sender = parsed(a_mail(sender=('The "Harbor", Inc.', "appointments@hep.example")))["From"]

    assert [address.addr_spec for address in sender.addresses] == ["appointments@hep.example"]


def test_message_ids_are_unique_and_do_not_reveal_the_host(settings):
    settings.DEFAULT_FROM_EMAIL = "HEP <appointments@hep.example>"

    assert new_message_id() != new_message_id()
    assert new_message_id().endswith("@hep.example>")


def test_send_uses_the_backend_named_in_settings():
    send(a_mail(), message_id="<2@hep.example>")

    assert mail.outbox[0].to == ["alex@example.com"]


@pytest.mark.parametrize(("code", "kind"), [(550, Refused), (451, NotSent)])
def test_a_5xx_refusal_is_final_and_a_4xx_refusal_can_be_retried(code, kind):
    error = smtplib.SMTPRecipientsRefused({"a@example.com": (code, b"no such user a@example.com")})

    refusal = _refusal(error)

    assert type(refusal) is kind
    assert "example" not in str(refusal)
