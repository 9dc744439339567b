"""Saved cards charged later, customers, lists and expansion."""

import pytest
import stripe

from .conftest import session_params


def later(client, customer, method, **changes):
    """Charge a saved card off session."""
    params = {"amount": 5000, "currency": "usd", "customer": customer, "payment_method": method}
    return client.v1.payment_intents.create(params | {"confirm": True, "off_session": True} | changes)


def test_a_saved_card_is_charged_later(client, saved_card):
    customer, method = saved_card()
    intent = later(client, customer, method, statement_descriptor_suffix="BALANCE", metadata={"a": "b"})
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (intent.status, charge.status, charge.amount_captured) == ("succeeded", "succeeded", 5000)
    assert charge.calculated_statement_descriptor == "QUIET* BALANCE"
    assert charge.metadata.to_dict() == {"a": "b"}


def test_a_card_is_saved_only_when_asked(client, browser, new_session):
    customer = client.v1.customers.create({})
    browser.pay(new_session(customer=customer.id).url)
    assert client.v1.customers.payment_methods.list(customer.id).data == []


def test_saving_a_card_without_a_customer_makes_one(client, browser, new_session):
    session = new_session(customer_email="ann@example.com", payment_intent_data={"setup_future_usage": "off_session"})
    browser.pay(session.url)
    customer = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["customer"]}).customer
    assert customer.email == "ann@example.com"
    assert len(client.v1.payment_methods.list({"customer": customer.id}).data) == 1


def test_a_saved_card_declined_off_session_leaves_a_failed_charge(client, saved_card, receiver, wait_for):
    customer, method = saved_card("4000000000000341")
    with pytest.raises(stripe.CardError) as caught:
        later(client, customer, method)
    error = caught.value.error
    assert (caught.value.http_status, error.code, error.decline_code) == (402, "card_declined", "generic_decline")
    assert error.payment_intent.status == "requires_payment_method"
    assert client.v1.charges.retrieve(error.charge).status == "failed"
    wait_for(lambda: {"charge.failed", "payment_intent.payment_failed"} <= set(receiver.types()))


def test_a_declined_intent_can_be_confirmed_with_another_card(client, saved_card):
    customer, method = saved_card("4000000000000341")
    with pytest.raises(stripe.CardError) as caught:
        later(client, customer, method)
    intent = client.v1.payment_intents.confirm(
        caught.value.error.payment_intent.id, {"payment_method": "pm_card_visa", "off_session": True}
    )
    assert intent.status == "succeeded"


def test_a_card_authenticated_when_saved_is_charged_later(client, saved_card):
    assert later(client, *saved_card("4000002500003155")).status == "succeeded"


def test_a_card_that_always_requires_authentication_fails_off_session(client, saved_card):
    with pytest.raises(stripe.CardError) as caught:
        later(client, *saved_card("4000002760003184"))
    assert caught.value.code == "authentication_required"


def test_a_saved_card_past_its_month_has_expired(client, saved_card, clock):
    customer, method = saved_card()
    clock.ahead = 15 * 366 * 86_400
    with pytest.raises(stripe.CardError) as caught:
        later(client, customer, method)
    assert caught.value.code == "expired_card"


def test_a_card_of_another_customer_is_refused(client, saved_card):
    _, method = saved_card()
    with pytest.raises(stripe.InvalidRequestError):
        later(client, client.v1.customers.create({}).id, method)


def test_a_card_used_once_without_saving_is_refused(client, paid_intent):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create(
            {"amount": 500, "currency": "usd", "payment_method": paid_intent().payment_method, "confirm": True}
        )


def test_a_detached_card_is_not_listed_and_cannot_be_charged(client, saved_card):
    customer, method = saved_card()
    assert client.v1.payment_methods.detach(method).customer is None
    assert client.v1.customers.payment_methods.list(customer).data == []
    with pytest.raises(stripe.InvalidRequestError):
        later(client, customer, method)


def test_an_intent_is_canceled_once_and_never_after_success(client, paid_intent):
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    canceled = client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    for intent_id in (intent.id, paid_intent().id):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            client.v1.payment_intents.cancel(intent_id)
        assert caught.value.code == "payment_intent_unexpected_state"


def test_a_canceled_intent_cannot_be_confirmed(client):
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    client.v1.payment_intents.cancel(intent.id)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert caught.value.code == "payment_intent_unexpected_state"


def test_the_intent_of_an_open_session_is_canceled_only_with_its_session(client, browser, new_session):
    session = new_session()
    browser.pay(session.url, number="4000000000000002")
    intent = client.v1.checkout.sessions.retrieve(session.id).payment_intent
    for act in (client.v1.payment_intents.cancel, client.v1.payment_intents.confirm):
        with pytest.raises(stripe.InvalidRequestError):
            act(intent, {"payment_method": "pm_card_visa"} if act == client.v1.payment_intents.confirm else {})
    client.v1.checkout.sessions.expire(session.id)
    assert client.v1.payment_intents.retrieve(intent).status == "canceled"


def test_an_update_changes_only_the_given_fields_of_a_customer(client):
    customer = client.v1.customers.create({"name": "Ann", "phone": "555-0101", "metadata": {"a": "1", "b": "2"}})
    changed = client.v1.customers.update(customer.id, {"name": "Bo", "metadata": {"a": "", "c": "3"}})
    assert (changed.name, changed.phone, changed.metadata.to_dict()) == ("Bo", "555-0101", {"b": "2", "c": "3"})
    assert client.v1.customers.retrieve(customer.id).name == "Bo"


def test_a_session_is_found_by_its_intent(client, new_session, paid_intent):
    new_session()
    intent = paid_intent()
    found = client.v1.checkout.sessions.list({"payment_intent": intent.id}).data
    assert [session.payment_intent for session in found] == [intent.id]


def test_a_list_pages_newest_first_both_ways(client):
    made = [client.v1.payment_intents.create({"amount": 100 + n, "currency": "usd"}).id for n in range(5)][::-1]
    first = client.v1.payment_intents.list({"limit": 2})
    assert ([item.id for item in first.data], first.has_more) == (made[:2], True)
    after = client.v1.payment_intents.list({"limit": 3, "starting_after": made[1]})
    assert ([item.id for item in after.data], after.has_more) == (made[2:], False)
    before = client.v1.payment_intents.list({"limit": 2, "ending_before": made[3]})
    assert ([item.id for item in before.data], before.has_more) == (made[1:3], True)
    assert [item.id for item in client.v1.payment_intents.list({"limit": 2}).auto_paging_iter()] == made


def test_a_list_is_filtered_by_time_of_creation(client, clock):
    old = client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    clock.ahead = 1000
    new = client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    recent = client.v1.payment_intents.list({"created": {"gt": old.created}}).data
    assert [item.id for item in recent] == [new.id]
    assert [item.id for item in client.v1.payment_intents.list({"created": old.created}).data] == [old.id]


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 101}, {"starting_after": "pi_nothing"}])
def test_a_wrong_limit_or_cursor_is_refused(client, params):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.list(params)


@pytest.mark.parametrize("path", ["amount", "nothing", "customer.a.b.c.d"])
def test_a_field_that_is_not_a_reference_cannot_be_expanded(client, path):
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.retrieve(intent.id, {"expand": [path]})


def test_a_list_expands_its_items(client, browser, new_session):
    browser.pay(new_session().url)
    found = client.v1.checkout.sessions.list({"expand": ["data.payment_intent"]}).data[0]
    assert found.payment_intent.status == "succeeded"


def test_the_fee_of_a_charge_is_on_its_balance_transaction(client, paid_intent):
    charge = client.v1.charges.retrieve(paid_intent().latest_charge)
    money = client.v1.balance_transactions.retrieve(charge.balance_transaction)
    assert (money.amount, money.fee, money.net) == (90_000, 2640, 87_360)


def test_sessions_of_other_customers_are_not_listed(client):
    ann, bo = (client.v1.customers.create({"name": name}).id for name in ("Ann", "Bo"))
    for customer in (ann, bo):
        client.v1.checkout.sessions.create(session_params(customer=customer))
    found = client.v1.checkout.sessions.list({"customer": ann}).data
    assert [session.customer for session in found] == [ann]
