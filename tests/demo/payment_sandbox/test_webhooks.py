"""Webhooks have real signatures, are retried with growing pauses, and follow the levers."""

import itertools
import threading
import time

import pytest
import stripe

from .conftest import SECRET

PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def deliveries(sandbox):
    return sandbox.sandbox.courier.deliveries()


def states(sandbox):
    return [row["state"] for row in deliveries(sandbox)]


def test_a_payment_sends_its_events_with_valid_signatures(sandbox, client, paid_intent, receiver, wait_for):
    intent = paid_intent()
    wait_for(lambda: states(sandbox) == ["delivered"] * 4)
    assert sorted(receiver.types()) == sorted(PAID)
    kept = client.v1.events.list().data
    assert {event.id for event in receiver.events()} == {event.id for event in kept}
    assert {event.pending_webhooks for event in kept} == {0}
    succeeded = next(event for event in receiver.events() if event.type == "payment_intent.succeeded")
    assert (succeeded.data.object.id, succeeded.api_version) == (intent.id, "2026-10-28.endive")


def test_a_signature_fails_with_another_secret_or_changed_bytes(receiver, paid_intent, wait_for):
    paid_intent()
    _, body, header = wait_for(lambda: receiver.received)[0]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, header, SECRET + "x")
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body.replace(b" ", b""), header, SECRET)


def test_an_event_names_the_request_and_idempotency_key_that_caused_it(client, receiver, wait_for):
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "usd"}, {"idempotency_key": "k1"})
    event = wait_for(receiver.events)[0]
    assert event.request.idempotency_key == "k1"
    assert event.request.id == intent.last_response.headers["Request-Id"]


def test_a_refused_webhook_is_retried_with_growing_pauses(sandbox, client, receiver, wait_for):
    receiver.answers = [500, 302, 400]
    client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    wait_for(lambda: states(sandbox) == ["delivered"])
    times = [at for at, _, _ in receiver.received]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert [gap >= wanted for gap, wanted in zip(gaps, (0.05, 0.1, 0.2), strict=True)] == [True] * 3
    assert len({event.id for event in receiver.events()}) == 1


def test_a_webhook_refused_every_time_is_given_up_and_its_event_stays(sandbox, client, receiver, wait_for):
    receiver.answers = [500] * 9
    client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    wait_for(lambda: states(sandbox) == ["given_up"])
    assert len(receiver.received) == 4
    event = client.v1.events.list().data[0]
    assert (event.type, event.pending_webhooks) == ("payment_intent.created", 1)


def test_dropped_webhooks_are_never_sent_but_their_events_are_listed(sandbox, client, paid_intent, receiver, lever):
    lever("webhooks", drop=4)
    paid_intent()
    time.sleep(0.2)
    assert (receiver.received, states(sandbox)) == ([], ["dropped"] * 4)
    assert [event.type for event in client.v1.events.list().data] == PAID[::-1]


@pytest.mark.parametrize("parallel", [False, True])
def test_a_repeated_webhook_is_sent_as_often_as_the_lever_says(client, receiver, lever, wait_for, parallel):
    lever("webhooks", repeat=4, parallel=parallel)
    client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    wait_for(lambda: len(receiver.received) == 5)
    assert len({event.id for event in receiver.events()}) == 1


def test_held_webhooks_are_sent_when_released(paid_intent, receiver, lever, wait_for):
    lever("webhooks", hold=True)
    paid_intent()
    time.sleep(0.2)
    assert receiver.received == []
    assert lever("webhooks/release") == {"released": 4}
    wait_for(lambda: len(receiver.received) == 4)
    assert receiver.types() == PAID


@pytest.mark.parametrize(
    ("order", "types"), [("reversed", PAID[::-1]), ([PAID[2], PAID[3]], [PAID[2], PAID[3], PAID[0], PAID[1]])]
)
def test_held_webhooks_are_sent_in_the_requested_order(paid_intent, receiver, lever, wait_for, order, types):
    lever("webhooks", hold=True)
    paid_intent()
    lever("webhooks/release", order=order)
    wait_for(lambda: len(receiver.received) == 4)
    assert receiver.types() == types


def test_reordered_webhooks_are_sent_in_reverse(paid_intent, receiver, lever, wait_for):
    lever("webhooks", reorder=4)
    paid_intent()
    wait_for(lambda: len(receiver.received) == 4)
    assert receiver.types() == PAID[::-1]


def test_delayed_webhooks_are_sent_after_the_delay(client, receiver, lever, wait_for):
    lever("webhooks", delay_seconds=0.4)
    start = time.monotonic()
    client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    wait_for(lambda: receiver.received)
    assert receiver.received[0][0] - start >= 0.4


def test_levers_apply_only_to_the_named_event_types(paid_intent, receiver, lever, wait_for):
    lever("webhooks", drop=9, types=["charge.succeeded"])
    paid_intent()
    wait_for(lambda: len(receiver.received) == 3)
    assert "charge.succeeded" not in receiver.types()


def test_an_event_is_sent_again_on_request(client, receiver, lever, wait_for):
    client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    event = wait_for(receiver.events)[0]
    lever(f"events/{event.id}/resend", times=3, parallel=True)
    wait_for(lambda: len(receiver.received) == 4)
    assert {found.id for found in receiver.events()} == {event.id}


def test_events_are_found_by_type_and_pattern(client, paid_intent):
    paid_intent()

    def types(**params):
        return [event.type for event in client.v1.events.list(params).data]

    assert types(type="charge.succeeded") == ["charge.succeeded"]
    assert types(type="payment_intent.*") == ["payment_intent.succeeded", "payment_intent.created"]
    assert types(types=["charge.succeeded", "checkout.session.completed"]) == [PAID[3], PAID[1]]
    assert types(type="charge.failed") == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("webhooks", {"explode": True}, 400),
        ("webhooks", {"drop": "many"}, 400),
        ("webhooks/release", {"order": "sideways"}, 400),
        ("events/evt_none/resend", {}, 404),
        ("events/evt_none/resend", {"times": 0}, 400),
        ("nothing", {}, 404),
    ],
)
def test_a_wrong_lever_is_refused_with_a_message(sandbox, browser, path, body, status):
    found, answer = browser.json("POST", f"{sandbox.url}/_sandbox/{path}", body)
    assert (found, bool(answer["error"])) == (status, True)


def test_a_form_of_another_site_cannot_set_a_lever(sandbox, browser):
    assert browser.open(f"{sandbox.url}/_sandbox/webhooks", b"drop=9", "POST")[0] == 415


def test_delete_resets_levers_and_counts(sandbox, browser, client, lever, calls):
    client.v1.customers.create({})
    lever("webhooks", drop=9, hold=True)
    browser.json("DELETE", f"{sandbox.url}/_sandbox/")
    _, state = browser.json("GET", f"{sandbox.url}/_sandbox/")
    assert (state["webhooks"]["drop"], state["webhooks"]["hold"]) == (0, False)
    assert calls() == {"calls": {}, "replayed": {}}


def test_a_receiver_that_was_down_gets_its_webhook_once_it_is_back(sandbox, client, receiver, wait_for):
    receiver.shutdown()
    receiver.server_close()
    client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    row = wait_for(lambda: next((row for row in deliveries(sandbox) if row["attempts"]), None))
    assert "ConnectionRefusedError" in row["outcome"]
    back = type(receiver)(receiver.server_port)
    threading.Thread(target=back.serve_forever, args=(0.02,), daemon=True).start()
    try:
        wait_for(lambda: states(sandbox) == ["delivered"])
        assert back.types() == ["payment_intent.created"]
    finally:
        back.shutdown()
        back.server_close()
