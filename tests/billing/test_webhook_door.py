"""The webhook accepts only raw bytes signed with our secret within five minutes (F54, F56)."""

import json
import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from billing.models import StripeEvent

from .conftest import SECRET, sign

pytestmark = pytest.mark.django_db
URL = "/billing/stripe/webhook/"
EVENT = {
    "id": "evt_door",
    "object": "event",
    "type": "customer.created",
    "created": 1_800_000_000,
    "data": {"object": {"id": "cus_1", "object": "customer", "name": "Zoë Ünal-Example"}},
}


@pytest.fixture(autouse=True)
def _secret(settings):
    settings.STRIPE_WEBHOOK_SECRET = SECRET


def post(client, body: bytes, signature: str | None):
    headers = {} if signature is None else {"Stripe-Signature": signature}
    return client.post(URL, data=body, content_type="application/json", headers=headers).status_code


def raw(event=EVENT) -> bytes:
    """JSON bytes with odd white space and letters outside ASCII, which only the raw bytes preserve."""
    return (" \n" + json.dumps(event, indent=3, ensure_ascii=False) + "\t").encode()


def test_a_signed_event_with_odd_bytes_is_accepted(client):
    body = raw()
    assert post(client, body, sign(body, timezone.now())) == 200
    assert StripeEvent.objects.get().outcome == "ignored"


@pytest.mark.parametrize("late", [timedelta(seconds=-299), timedelta(seconds=299)])
def test_a_signature_within_five_minutes_is_accepted(late, client):
    assert post(client, raw(), sign(raw(), timezone.now() + late)) == 200


def bad_signatures():
    now, body = timezone.now(), raw()
    yield "one flipped byte", sign(body.replace(b"Zo", b"Za"), now)
    yield "no header", None
    yield "empty header", ""
    yield "no scheme", f"t={int(now.timestamp())}"
    yield "only an old scheme", sign(body, now).replace("v1=", "v0=")
    yield "no time", sign(body, now).split(",")[1]
    yield "another time than signed", sign(body, now).replace("t=", "t=1")
    yield "words for time", "t=soon,v1=00"
    yield "a time beyond all dates", "t=99999999999999999999,v1=00"
    yield "301 seconds old", sign(body, now - timedelta(seconds=302))
    yield "a day old", sign(body, now - timedelta(days=1))
    yield "301 seconds ahead", sign(body, now + timedelta(seconds=302))
    yield "a day ahead", sign(body, now + timedelta(days=1))
    yield "the secret of another endpoint", sign(body, now, "whsec_of_another")
    yield "no secret", sign(body, now, "")


@pytest.mark.parametrize("case", range(15))
def test_a_bad_signature_is_refused_and_nothing_is_stored(case, client, caplog):
    caplog.set_level(logging.DEBUG)
    why, signature = list(bad_signatures())[case]
    assert post(client, raw(), signature) == 400, why
    assert not StripeEvent.objects.exists()
    assert "Zoë" not in caplog.text


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe", b"", b"null", b"[]", b"{}", b'{"id": "evt_1"}', b'{"object": "event", "data": 1}', b"{" * 9999],
)
def test_signed_bytes_that_are_not_an_event_are_refused(body, client):
    signed = sign(body, timezone.now()) if body != b"\xff\xfe" else "t=1,v1=0"
    assert post(client, body, signed) == 400
    assert not StripeEvent.objects.exists()


def test_a_get_request_to_the_webhook_is_refused(client):
    assert client.get(URL).status_code == 405


def test_an_event_larger_than_any_real_one_is_refused(client):
    assert post(client, b" " * 300_000, "t=1,v1=0") == 413


def test_an_event_is_stored_once(client):
    for _ in range(3):
        assert post(client, raw(), sign(raw(), timezone.now())) == 200
    assert StripeEvent.objects.count() == 1


@pytest.mark.parametrize("kind", ["checkout.session.completed", "payment_intent.succeeded", "charge.refunded"])
def test_an_object_without_our_token_is_ignored(kind, client):
    body = raw(EVENT | {"type": kind, "data": {"object": {"id": "x_1", "object": "charge", "payment_intent": "pi_x"}}})
    assert post(client, body, sign(body, timezone.now())) == 200
    assert StripeEvent.objects.get().outcome == "ignored"


def test_an_unknown_object_with_our_token_opens_a_work_item(client):
    from backend.worklist.models import WorkItem

    marked = {
        "id": "cs_9",
        "object": "checkout.session",
        "metadata": {"attempt": "5e1c6f0e-0c1d-4b8b-9d3e-0a4b5c6d7e8f"},
    }
    body = raw(EVENT | {"type": "checkout.session.completed", "data": {"object": marked}})
    assert post(client, body, sign(body, timezone.now())) == 200
    assert StripeEvent.objects.get().outcome == "odd"
    assert WorkItem.objects.get().kind == "odd_money"
