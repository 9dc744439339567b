"""Refunds of a part, of the rest, and never of more than the charge."""

import threading

import pytest
import stripe


def refund(client, intent, **params):
    return client.v1.refunds.create({"payment_intent": intent.id} | params)


def test_a_refund_without_amount_refunds_the_whole_charge(client, paid_intent):
    intent = paid_intent()
    made = refund(client, intent, reason="requested_by_customer", metadata={"line": "7"})
    assert (made.amount, made.status, made.charge) == (90_000, "succeeded", intent.latest_charge)
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (charge.refunded, charge.amount_refunded) == (True, 90_000)
    assert client.v1.balance_transactions.retrieve(made.balance_transaction).net == -90_000


def test_after_a_partial_refund_the_rest_is_refunded_once(client, paid_intent):
    intent = paid_intent()
    refund(client, intent, amount=20_000)
    assert client.v1.charges.retrieve(intent.latest_charge).refunded is False
    assert refund(client, intent).amount == 70_000
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refund(client, intent)
    assert caught.value.code == "charge_already_refunded"
    assert [item.amount for item in client.v1.refunds.list({"charge": intent.latest_charge}).data] == [70_000, 20_000]


@pytest.mark.parametrize(
    ("first", "amount", "words"),
    [
        (0, 90_001, "Refund amount ($900.01) is greater than charge amount ($900.00)"),
        (60_000, 60_000, "Refund amount ($600.00) is greater than unrefunded amount on charge ($300.00)"),
    ],
)
def test_a_refund_of_more_than_the_unrefunded_rest_is_refused(client, paid_intent, first, amount, words):
    intent = paid_intent()
    if first:
        refund(client, intent, amount=first)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refund(client, intent, amount=amount)
    assert (caught.value.user_message, caught.value.param) == (words, "amount")
    assert client.v1.charges.retrieve(intent.latest_charge).amount_refunded == first


def test_refunds_made_at_once_never_exceed_the_charge(client, paid_intent):
    intent, refused, start = paid_intent(), [], threading.Barrier(6)

    def give_back():
        start.wait()
        try:
            refund(client, intent, amount=60_000)
        except stripe.InvalidRequestError as error:
            refused.append(error)

    threads = [threading.Thread(target=give_back) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 5
    assert client.v1.charges.retrieve(intent.latest_charge).amount_refunded == 60_000


@pytest.mark.parametrize("params", [{}, {"charge": "ch_x", "payment_intent": "pi_x"}, {"charge": "ch_x"}])
def test_a_refund_must_name_one_existing_charge_or_intent(client, params):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create(params)


@pytest.mark.parametrize("amount", [0, -5])
def test_a_refund_of_zero_or_less_is_refused(client, paid_intent, amount):
    with pytest.raises(stripe.InvalidRequestError):
        refund(client, paid_intent(), amount=amount)


def test_an_unpaid_intent_has_nothing_to_refund(client, browser, new_session):
    session = new_session()
    browser.pay(session.url, number="4000000000000002")
    intent = client.v1.checkout.sessions.retrieve(session.id).payment_intent
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": intent})
    assert "does not have a successful charge" in caught.value.user_message


def test_a_refund_emits_three_events(client, paid_intent, receiver, wait_for):
    made = refund(client, paid_intent(), amount=20_000)
    expected = {"refund.created", "refund.updated", "charge.refunded"}
    wait_for(lambda: expected <= set(receiver.types()))
    subjects = {event.type: event.data.object for event in receiver.events() if event.type in expected}
    assert subjects["refund.created"].id == subjects["refund.updated"].id == made.id
    assert subjects["charge.refunded"].amount_refunded == 20_000


def test_a_refund_whose_answer_was_lost_is_made_once(client, paid_intent, lever):
    intent, key = paid_intent(), {"idempotency_key": "refund-1"}
    params = {"payment_intent": intent.id, "amount": 20_000}
    lever("answers", lose=1, match="POST /v1/refunds")
    with pytest.raises(stripe.APIConnectionError):
        client.v1.refunds.create(params, key)
    again = client.v1.refunds.create(params, key)
    assert [item.id for item in client.v1.refunds.list({"payment_intent": intent.id}).data] == [again.id]
