"""Unknown, missing, badly typed and unsupported parameters are refused with Stripe's messages."""

import time

import pytest
import stripe
from stripe.params import CustomerCreateParams
from stripe.params.checkout import SessionCreateParams

from demo.payment_sandbox.spec import fields_of

from .conftest import session_params


def refusal(call, *args):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        call(*args)
    return caught.value


def test_an_unknown_parameter_is_refused_by_name(client):
    error = refusal(client.v1.customers.create, {"emial": "ann@example.com"})
    assert (error.http_status, error.code, error.param) == (400, "parameter_unknown", "emial")
    assert error.user_message == "Received unknown parameter: emial. Did you mean email?"


def test_an_unknown_nested_parameter_is_refused_with_its_path(client):
    params = session_params()
    params["line_items"][0]["price_data"]["colour"] = "red"
    error = refusal(client.v1.checkout.sessions.create, params)
    assert (error.code, error.param) == ("parameter_unknown", "line_items[0][price_data][colour]")


def test_an_unknown_filter_of_a_list_is_refused(client):
    assert refusal(client.v1.refunds.list, {"status": "succeeded"}).code == "parameter_unknown"


@pytest.mark.parametrize(
    ("path", "value", "code", "param"),
    [
        (("amount",), "ten", "parameter_invalid_integer", "amount"),
        (("amount",), 49, "amount_too_small", "amount"),
        (("amount",), 100_000_000, "amount_too_large", "amount"),
        (("amount",), "", "parameter_invalid_empty", "amount"),
        (("currency",), "xyz", None, "currency"),
        (("confirm",), "perhaps", None, "confirm"),
        (("setup_future_usage",), "sometimes", None, "setup_future_usage"),
        (("metadata",), {"k" * 41: "v"}, None, f"metadata[{'k' * 41}]"),
        (("metadata",), {"k": "v" * 501}, None, "metadata[k]"),
        (("metadata",), {str(n): "v" for n in range(51)}, None, "metadata"),
        (("off_session",), True, None, "off_session"),
        (("transfer_group",), "x", "sandbox_unsupported", "transfer_group"),
        (("customer",), "cus_nobody", "resource_missing", "customer"),
        (("payment_method",), "pm_none", "resource_missing", "payment_method"),
    ],
)
def test_a_wrong_parameter_of_an_intent_is_refused(client, path, value, code, param):
    error = refusal(client.v1.payment_intents.create, {"amount": 5000, "currency": "usd"} | {path[0]: value})
    assert (error.http_status, error.code, error.param) == (400, code, param)


@pytest.mark.parametrize("name", ["amount", "currency"])
def test_an_intent_needs_amount_and_currency(client, name):
    params = {"amount": 5000, "currency": "usd"}
    del params[name]
    error = refusal(client.v1.payment_intents.create, params)
    assert (error.code, error.param) == ("parameter_missing", name)


@pytest.mark.parametrize("name", ["mode", "line_items", "success_url"])
def test_a_session_needs_mode_items_and_success_url(client, name):
    params = session_params()
    del params[name]
    error = refusal(client.v1.checkout.sessions.create, params)
    assert (error.code, error.param) == ("parameter_missing", name)


@pytest.mark.parametrize(
    ("seconds", "fits"), [(1790, False), (1810, True), (31 * 60, True), (86_390, True), (86_410, False)]
)
def test_a_session_must_expire_between_thirty_minutes_and_a_day_ahead(client, seconds, fits):
    params = session_params(expires_at=int(time.time()) + seconds)
    if fits:
        assert client.v1.checkout.sessions.create(params).expires_at == params["expires_at"]
    else:
        assert refusal(client.v1.checkout.sessions.create, params).param == "expires_at"


@pytest.mark.parametrize(
    ("suffix", "fits"),
    [
        ("APPT", True),
        ("VISIT 24 NOV", True),
        ("A23456789012345", True),
        ("A234567890123456", False),
        ("2026", False),
        ("A*B", False),
        ("A<B", False),
        ("A>B", False),
        ("A'B", False),
        ('A"B', False),
        ("A\\B", False),
        ("ÄÖÜ", False),
    ],
)
def test_a_statement_suffix_keeps_the_card_networks_rules(client, suffix, fits):
    params = session_params(payment_intent_data={"statement_descriptor_suffix": suffix})
    if fits:
        assert client.v1.checkout.sessions.create(params).status == "open"
    else:
        error = refusal(client.v1.checkout.sessions.create, params)
        assert error.param == "payment_intent_data[statement_descriptor_suffix]"


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"success_url": "office.example/back"}, "success_url"),
        ({"cancel_url": "javascript:alert(1)"}, "cancel_url"),
        ({"mode": "subscription"}, "mode"),
        ({"ui_mode": "elements"}, "ui_mode"),
        ({"customer": "cus_x", "customer_email": "a@example.com"}, "customer_email"),
        ({"line_items": [{"price": "price_x", "quantity": 1}]}, "line_items[0][price]"),
        ({"payment_intent_data": {"capture_method": "manual"}}, "payment_intent_data[capture_method]"),
        ({"allow_promotion_codes": True}, "allow_promotion_codes"),
    ],
)
def test_a_session_refuses_parameters_that_stripe_or_the_sandbox_does_not_support(client, change, param):
    assert refusal(client.v1.checkout.sessions.create, session_params(**change)).param == param


def test_a_wrong_object_in_the_path_is_a_404(client):
    error = refusal(client.v1.customers.retrieve, "cus_nobody")
    assert (error.http_status, error.code) == (404, "resource_missing")


@pytest.mark.parametrize("key", ["", "sk_live_abc", "pk_test_abc", "sk_test_"])
def test_any_key_except_a_test_mode_secret_key_is_refused(sandbox, browser, key):
    status, _, text = browser.open(f"{sandbox.url}/v1/events", headers={"Authorization": f"Bearer {key}"})
    assert status == 401
    assert '"invalid_request_error"' in text


def test_basic_authentication_with_the_key_as_user_is_accepted(sandbox, browser):
    header = {"Authorization": "Basic c2tfdGVzdF94Og=="}  # sk_test_x:
    assert browser.open(f"{sandbox.url}/v1/events", headers=header)[0] == 200


def test_an_answer_names_its_request_and_echoes_the_version(sandbox, browser):
    header = {"Authorization": "Bearer sk_test_x", "Stripe-Version": "2026-10-28.endive"}
    _, headers, _ = browser.open(f"{sandbox.url}/v1/events", headers=header)
    assert headers["Request-Id"].startswith("req_")
    assert headers["Stripe-Version"] == "2026-10-28.endive"


@pytest.mark.parametrize("body", [b"a[b=1", b"name=%ff", b"=x", b"\xff=1", b"name[x]=1", b"metadata[a][b]=1"])
def test_a_malformed_form_body_is_a_400(sandbox, browser, body):
    headers = {"Authorization": "Bearer sk_test_x", "Content-Type": "application/x-www-form-urlencoded"}
    assert browser.open(f"{sandbox.url}/v1/customers", body, "POST", headers)[0] == 400


def test_required_parameters_are_read_from_the_library_types():
    price = fields_of(SessionCreateParams).values["line_items"].items.fields.values["price_data"].fields
    assert price.required == {"currency"}
    assert not fields_of(CustomerCreateParams).required
