"""The alphabet of texts, and sending them to a provider over real HTTP on this machine."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
import requests

from backend.channels.errors import NotSent, Refused
from backend.channels.sms import Text, TextTooLong, gsm_length, send
from backend.channels.twilio import TwilioTexts

from .provider import Twilio, serving

SINCE = datetime(2027, 3, 1, tzinfo=UTC)
HELLO = Text(to="+12145550123", body="Hello")


@pytest.fixture
def twilio(settings):
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FROM = "AC1", "token", "+12145550199"
    with serving() as address:
        settings.TWILIO_API_BASE = address
        yield Twilio


def test_a_text_is_handed_over_with_our_credentials(twilio):
    assert TwilioTexts().send(HELLO) == "SM0"
    assert twilio.kept[0]["body"] == "Hello"
    assert base64.b64decode(twilio.seen[0].split()[1]) == b"AC1:token"


@pytest.mark.parametrize(("status", "error"), [(400, Refused), (429, NotSent)])
def test_a_4xx_answer_raises_an_error_that_says_the_text_was_not_sent(twilio, status, error):
    twilio.status = status

    with pytest.raises(error) as caught:
        TwilioTexts().send(HELLO)

    assert "secret" not in str(caught.value)


def test_a_5xx_answer_raises_an_http_error_because_the_fate_is_unknown(twilio):
    twilio.status = 503

    with pytest.raises(requests.HTTPError):
        TwilioTexts().send(HELLO)


def test_an_unreachable_provider_raises_not_sent(settings):
    settings.TWILIO_API_BASE = "http://127.0.0.1:1"

    with pytest.raises(NotSent):
        TwilioTexts().send(HELLO)


def test_a_text_whose_answer_was_lost_is_found_by_its_reference(twilio):
    twilio.hang_up = True
    for body in ("One", "Two", "Hello"):
        with pytest.raises(requests.ConnectionError):
            TwilioTexts().send(Text(to="+12145550123", body=body))

    assert TwilioTexts().find(reference=HELLO.reference, since=SINCE) == "SM2"


def test_a_text_that_the_provider_never_got_is_not_found(twilio):
    TwilioTexts().send(Text(to="+12145550124", body="Hello"))

    assert TwilioTexts().find(reference=HELLO.reference, since=SINCE) is None
    assert "DateSent%3E=2027-03-01" in twilio.seen[-1]


def test_without_a_configured_provider_sending_a_text_raises_not_sent(settings):
    settings.SMS_BACKEND = ""

    with pytest.raises(NotSent):
        send(HELLO)


@pytest.mark.parametrize(("body", "length"), [("Hello", 5), ("é[€]", 7), ("a" * 160, 160)])
def test_the_gsm_length_counts_septets(body, length):
    assert gsm_length(body) == length


@pytest.mark.parametrize("body", ["a" * 161, "[" * 81, "“Hello”", "emoji 🙂"])
def test_a_text_that_is_too_long_or_not_gsm_is_refused(body):
    with pytest.raises(TextTooLong):
        Text(to="+12145550123", body=body)
