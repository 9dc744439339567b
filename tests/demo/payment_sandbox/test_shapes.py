"""Every object has the keys and JSON types of Stripe's published fixtures."""

import copy

import pytest

from demo.payment_sandbox.objects import FIXTURES

from .shapes import differences


@pytest.fixture
def everything(client, browser, new_session, saved_card, sandbox):
    """The store of a sandbox that holds each kind of object in each of its states."""
    customer, method = saved_card("4000002500003155")
    client.v1.customers.create({"name": "Bo Example", "address": {"city": "Plano"}, "metadata": {"a": "b"}})
    charge = {"amount": 5000, "currency": "usd", "customer": customer, "payment_method": method}
    intent = client.v1.payment_intents.create(charge | {"confirm": True, "off_session": True})
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 1000, "reason": "requested_by_customer"})
    client.v1.payment_intents.cancel(client.v1.payment_intents.create(charge).id)
    browser.pay(new_session(customer_email="bo@example.com").url, number="4000000000000002")
    client.v1.checkout.sessions.expire(new_session().id)
    browser.pay(new_session().url, number="4000002500003155")
    return sandbox.sandbox.store


KINDS = sorted(FIXTURES.keys() - {"setup_intent", "dispute"})


@pytest.mark.parametrize("kind", KINDS)
def test_each_object_of_a_kind_fits_the_published_fixture(everything, kind):
    objects = everything.select(kind, [], [], "ORDER BY seq")
    assert objects
    assert [words for body in objects for words in differences(kind, body)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_snapshot_in_an_event_fits_the_published_fixture(everything, kind):
    events = everything.select("event", [], [], "ORDER BY seq")
    snapshots = [event["data"]["object"] for event in events if event["data"]["object"]["object"] == kind]
    assert [words for body in snapshots for words in differences(kind, body)] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda body: body.pop("amount"), "missing amount"),
        (lambda body: body.update(amount="5000"), "charge.amount is str"),
        (lambda body: body.update(status=None), "charge.status may not be null"),
        (lambda body: body.update(nonsense=1), "extra nonsense"),
        (lambda body: body["billing_details"].pop("name"), "charge.billing_details lacks name"),
        (lambda body: body["payment_method_details"]["card"].update(last4=4242), "card.last4 is int"),
    ],
)
def test_the_comparison_reports_a_wrong_object(everything, change, words):
    charge = copy.deepcopy(everything.select("charge", [], [], "LIMIT 1")[0])
    change(charge)
    assert any(words in found for found in differences("charge", charge))
