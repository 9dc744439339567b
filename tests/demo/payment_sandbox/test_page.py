"""The hosted page takes a card once, keeps the typed fields after a decline, and explains a closed session."""

import threading
import time
import urllib.parse

import pytest
import stripe

DECLINED = "4000000000000002"
BANK = "4000002500003155"


def retrieve(client, session, *expand):
    return client.v1.checkout.sessions.retrieve(session.id, {"expand": list(expand)})


def test_opening_the_page_shows_amount_item_and_neutral_name_and_charges_nothing(client, browser, new_session):
    session = new_session(payment_intent_data={"statement_descriptor_suffix": "APPT"})
    status, _, text = browser.open(session.url)
    assert status == 200
    for words in ("$900.00", "Appointment", "Quiet Office", "QUIET* APPT", "https://office.example/stop"):
        assert words in text
    assert retrieve(client, session).payment_intent is None


def test_a_page_loads_nothing_from_elsewhere_and_may_not_be_framed(browser, new_session):
    _, headers, text = browser.open(new_session().url)
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self' https://office.example;")
    assert "frame-ancestors 'none'" in policy
    assert headers["Cache-Control"] == "no-store"
    assert "<script" not in text


def test_a_good_card_pays_and_redirects_to_the_merchant(client, browser, new_session):
    session = new_session(customer_email="ann@example.com", metadata={"hold": "h1"})
    status, headers, _ = browser.pay(session.url)
    assert (status, headers["Location"]) == (303, f"https://office.example/back?session={session.id}")
    found = retrieve(client, session, "payment_intent.latest_charge", "line_items")
    assert (found.status, found.payment_status, found.url) == ("complete", "paid", None)
    assert (found.customer_details.email, found.customer_details.name) == ("ann@example.com", "Ann Example")
    assert found.payment_intent.amount_received == found.payment_intent.latest_charge.amount == 90_000
    assert found.line_items.data[0].description == "Appointment"
    assert found.metadata.to_dict() == {"hold": "h1"}


def test_a_declined_card_keeps_what_was_typed_and_another_card_pays(client, browser, new_session):
    session = new_session()
    status, _, text = browser.pay(session.url, number="4000 0000 0000 0002", cvc="987", name="Ann <Example>")
    assert status == 402
    assert "Your card was declined. You have not been charged." in text
    for typed in ("4000 0000 0000 0002", "12 / 34", "Ann &lt;Example&gt;", "75070"):
        assert f'value="{typed}"' in text
    assert "987" not in text
    intent = client.v1.payment_intents.retrieve(retrieve(client, session).payment_intent)
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error.decline_code == "generic_decline"
    assert browser.pay(session.url)[0] == 303
    assert retrieve(client, session, "payment_intent").payment_intent.status == "succeeded"
    charges = client.v1.charges.list({"payment_intent": intent.id}).data
    assert [charge.status for charge in charges] == ["succeeded", "failed"]


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (DECLINED, "generic_decline", "Your card was declined."),
        ("4000000000009995", "insufficient_funds", "insufficient funds"),
        ("4000000000000069", "expired_card", "has expired"),
        ("4000000000000127", "incorrect_cvc", "security code is incorrect"),
        ("4111111111111111", "test_mode_live_card", "non test card"),
    ],
)
def test_each_declining_card_says_why(client, browser, new_session, number, code, words):
    session = new_session()
    status, _, text = browser.pay(session.url, number=number)
    assert status == 402
    assert words in text.replace("&#x27;", "'")
    error = retrieve(client, session, "payment_intent").payment_intent.last_payment_error
    assert error.decline_code == code


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("number", "4242 4242 4242 4241", "This card number is not right"),
        ("number", "", "Enter the card number"),
        ("number", "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "This card number is not right"),
        ("exp", "01 / 20", "in the past"),
        ("exp", "13 / 30", "as MM / YY"),
        ("exp", "", "as MM / YY"),
        ("cvc", "12", "security code, 3 digits"),
        ("name", "  ", "name on the card"),
        ("postal_code", "", "ZIP code"),
    ],
)
def test_a_wrong_field_is_named_and_no_charge_is_tried(client, browser, new_session, field, typed, words):
    session = new_session()
    status, _, text = browser.pay(session.url, **{field: typed})
    assert status == 422
    assert words in text
    assert f'aria-describedby="{field}-problem"' in text
    assert retrieve(client, session).payment_intent is None


def test_a_post_without_valid_fields_gets_a_422(browser, new_session):
    assert browser.open(new_session().url, b"")[0] == 422
    assert browser.open(new_session().url, b"\xff\xfe=%00&number=" + b"4" * 9000)[0] == 422


def test_ten_posts_at_once_charge_once(client, browser, new_session, receiver, wait_for):
    session, answers, start = new_session(), [], threading.Barrier(10)

    def post():
        start.wait()
        answers.append(browser.pay(session.url)[0])

    threads = [threading.Thread(target=post) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 10
    assert len(client.v1.charges.list({"payment_intent": retrieve(client, session).payment_intent}).data) == 1
    assert len(client.v1.events.list({"type": "checkout.session.completed"}).data) == 1


def test_a_paid_session_says_so(browser, new_session):
    session = new_session()
    browser.pay(session.url)
    status, _, text = browser.open(session.url)
    assert (status, "This payment is complete" in text) == (200, True)


def test_an_expired_session_says_so_and_charges_nothing(client, browser, new_session):
    session = new_session()
    client.v1.checkout.sessions.expire(session.id)
    assert "This page has expired" in browser.open(session.url)[2]
    assert "This page has expired" in browser.pay(session.url)[2]
    assert client.v1.charges.list().data == []


def test_a_session_expires_at_its_deadline_without_a_request(client, browser, new_session, clock, receiver, wait_for):
    session = new_session(expires_at=int(time.time()) + 1860)
    browser.pay(session.url, number=DECLINED)
    clock.ahead = 1900
    wait_for(lambda: "checkout.session.expired" in receiver.types())
    found = retrieve(client, session, "payment_intent")
    assert (found.status, found.url, found.payment_intent.status) == ("expired", None, "canceled")


def test_a_post_after_the_deadline_is_refused_without_waiting_for_the_sweep(browser, new_session, clock, client):
    session = new_session(expires_at=int(time.time()) + 1860)
    clock.ahead = 1900
    assert "This page has expired" in browser.pay(session.url)[2]
    assert client.v1.charges.list().data == []


def test_an_unknown_address_is_a_404_with_a_message(sandbox, browser):
    status, _, text = browser.open(f"{sandbox.url}/c/pay/cs_test_nothing")
    assert (status, "Nothing to pay here" in text) == (404, True)
    assert browser.open(f"{sandbox.url}/elsewhere")[0] == 404


class TestTheBanksPage:
    def start(self, sandbox, browser, session):
        status, headers, _ = browser.pay(session.url, number=BANK, cvc="987")
        assert status == 303
        return sandbox.url + headers["Location"]

    def test_completing_the_bank_page_pays(self, client, sandbox, browser, new_session):
        session = new_session()
        bank = self.start(sandbox, browser, session)
        assert retrieve(client, session, "payment_intent").payment_intent.status == "requires_action"
        assert "Confirm with your bank" in browser.open(bank)[2]
        status, headers, _ = browser.open(bank, b"result=complete")
        assert (status, headers["Location"]) == (303, f"https://office.example/back?session={session.id}")
        assert retrieve(client, session).payment_status == "paid"

    def test_failing_the_bank_page_shows_the_typed_fields_again(self, client, sandbox, browser, new_session):
        session = new_session()
        bank = self.start(sandbox, browser, session)
        status, headers, _ = browser.open(bank, b"result=fail")
        assert (status, urllib.parse.urlsplit(session.url).path) == (303, headers["Location"])
        _, _, text = browser.open(session.url)
        assert "not able to confirm this payment with your bank" in text
        assert f'value="{BANK}"' in text
        assert "987" not in text
        error = retrieve(client, session, "payment_intent").payment_intent.last_payment_error
        assert error.code == "payment_intent_authentication_failure"
        assert browser.pay(session.url)[0] == 303

    def test_completing_the_bank_page_twice_charges_once(self, client, sandbox, browser, new_session):
        bank = self.start(sandbox, browser, new_session())
        browser.open(bank, b"result=complete")
        assert "This payment is complete" in browser.open(bank, b"result=complete")[2]
        assert len(client.v1.charges.list().data) == 1

    def test_the_bank_page_charges_nothing_after_the_session_expired(self, client, sandbox, browser, new_session):
        session = new_session()
        bank = self.start(sandbox, browser, session)
        client.v1.checkout.sessions.expire(session.id)
        assert "This page has expired" in browser.open(bank, b"result=complete")[2]
        assert client.v1.charges.list().data == []


def test_expiring_and_paying_at_once_leaves_the_session_either_expired_or_paid(client, browser, new_session):
    ends = set()
    for _ in range(15):
        session, start, refused = new_session(), threading.Barrier(2), []

        def expire(session=session, start=start, refused=refused):
            start.wait()
            try:
                client.v1.checkout.sessions.expire(session.id)
            except stripe.InvalidRequestError as error:
                refused.append(error)

        thread = threading.Thread(target=expire)
        thread.start()
        start.wait()
        status, _, _ = browser.pay(session.url)
        thread.join()
        found = retrieve(client, session, "payment_intent")
        ends.add(found.status)
        assert (status == 303) == (found.status == "complete") == bool(refused)
        if found.status == "complete":
            assert found.payment_intent.status == "succeeded"
            assert "has a status of `complete`" in str(refused[0])
        else:
            assert found.payment_status == "unpaid"
    assert ends <= {"complete", "expired"}
