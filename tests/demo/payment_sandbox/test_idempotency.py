"""Idempotency keys follow Stripe's published rules."""

import threading

import pytest
import stripe

from .conftest import session_params

CUSTOMERS = "POST /v1/customers"


def options(key):
    return {"idempotency_key": key}


def test_the_same_key_and_parameters_give_the_first_answer_again(client, calls):
    first = client.v1.customers.create({"name": "Ann"}, options("one"))
    again = client.v1.customers.create({"name": "Ann"}, options("one"))
    assert again.id == first.id
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert again.last_response.headers["Original-Request"] == first.last_response.headers["Request-Id"]
    assert calls() == {"calls": {CUSTOMERS: 2}, "replayed": {CUSTOMERS: 1}}


def test_the_same_key_with_other_parameters_is_an_error(client):
    client.v1.customers.create({"name": "Ann"}, options("one"))
    with pytest.raises(stripe.IdempotencyError) as caught:
        client.v1.customers.create({"name": "Bo"}, options("one"))
    assert caught.value.http_status == 400
    assert caught.value.error.type == "idempotency_error"


def test_the_same_key_for_another_call_is_an_error(client):
    customer = client.v1.customers.create({"name": "Ann"}, options("one"))
    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.update(customer.id, {"name": "Ann"}, options("one"))


def test_a_key_in_use_is_a_conflict(client, lever, wait_for, calls):
    lever("answers", delay_seconds=0.6)
    slow = threading.Thread(target=client.v1.customers.create, args=({"name": "Ann"}, options("one")))
    slow.start()
    wait_for(lambda: calls()["calls"].get(CUSTOMERS))
    with pytest.raises(stripe.StripeError) as caught:
        client.v1.customers.create({"name": "Ann"}, options("one"))
    slow.join()
    assert (caught.value.http_status, caught.value.error.code) == (409, "idempotency_key_in_use")


def test_a_refused_parameter_leaves_the_key_free(client):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create({"amount": 1, "currency": "usd"}, options("one"))
    assert client.v1.payment_intents.create({"amount": 100, "currency": "usd"}, options("one")).amount == 100


def test_a_decline_is_replayed_and_charges_once(client):
    params = {"amount": 500, "currency": "usd", "confirm": True, "payment_method": "pm_card_visa_chargeDeclined"}
    charges = set()
    for _ in range(2):
        with pytest.raises(stripe.CardError) as caught:
            client.v1.payment_intents.create(params, options("one"))
        charges.add(caught.value.error.charge)
    assert charges == {client.v1.charges.list().data[0].id}
    assert len(client.v1.charges.list().data) == 1


def test_a_500_is_replayed_and_its_work_undone(client, lever, calls):
    lever("answers", fail=1)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as caught:
            client.v1.customers.create({"name": "Ann"}, options("one"))
        assert caught.value.http_status == 500
    assert client.v1.customers.create({"name": "Ann"}, options("two")).name == "Ann"
    assert calls()["replayed"] == {CUSTOMERS: 1}


def test_a_lost_answer_is_found_again_under_its_key(client, lever, sandbox):
    lever("answers", lose=1, match="POST /v1/checkout")
    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(session_params(), options("one"))
    found = client.v1.checkout.sessions.create(session_params(), options("one"))
    assert found.last_response.headers["Idempotent-Replayed"] == "true"
    assert [session.id for session in client.v1.checkout.sessions.list().data] == [found.id]


def test_the_retry_of_stripe_python_gets_the_answer_that_was_lost(sandbox, lever, calls):
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": sandbox.url}, max_network_retries=2)
    lever("answers", lose=1)
    customer = client.v1.customers.create({"name": "Ann"})
    assert customer.last_response.headers["Idempotent-Replayed"] == "true"
    assert calls() == {"calls": {CUSTOMERS: 2}, "replayed": {CUSTOMERS: 1}}


def test_a_key_is_forgotten_after_a_day(client, clock):
    first = client.v1.customers.create({"name": "Ann"}, options("one"))
    clock.ahead = 24 * 3600 + 5
    assert client.v1.customers.create({"name": "Ann"}, options("one")).id != first.id


def test_a_key_is_at_most_255_characters(client):
    assert client.v1.customers.create({"name": "Ann"}, options("k" * 255)).id
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.customers.create({"name": "Ann"}, options("k" * 256))


def test_parallel_calls_with_one_key_make_one_object(client, sandbox):
    codes = []

    def create():
        try:
            client.v1.customers.create({"name": "Ann"}, options("one"))
        except stripe.StripeError as refused:
            codes.append(refused.error.code)

    threads = [threading.Thread(target=create) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) <= {"idempotency_key_in_use"}
    assert len(sandbox.sandbox.store.select("customer", [], [], "")) == 1
