"""A new sandbox per test, a receiver of its webhooks, and the real stripe-python client."""

import http.server
import json
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable

import pytest
import stripe

from demo.payment_sandbox.config import Config
from demo.payment_sandbox.server import Server

SECRET = "whsec_for_tests"
CARD = {"number": "4242 4242 4242 4242", "exp": "12 / 34", "cvc": "123", "name": "Ann Example", "postal_code": "75070"}


class Receiver(http.server.ThreadingHTTPServer):
    """Receives webhooks. Answers with the statuses in ``answers``, one per webhook, then with 200."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), _Taker)
        self.received: list[tuple[float, bytes, str]] = []
        self.answers: list[int] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def events(self) -> list[stripe.Event]:
        """The received events, their signatures checked by stripe-python."""
        return [stripe.Webhook.construct_event(body, header, SECRET) for _, body, header in list(self.received)]

    def types(self) -> list[str]:
        return [event.type for event in self.events()]


class _Taker(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            self.server.received.append((time.monotonic(), body, self.headers["Stripe-Signature"]))
            status = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Browser:
    """Requests pages and posts forms without following redirects, as curl does."""

    opener = urllib.request.build_opener(_NoRedirect)

    def open(self, url, data=None, method=None, headers=None):
        """Send a request; returns (status, headers, text)."""
        request = urllib.request.Request(url, data, headers or {}, method=method)
        try:
            found = self.opener.open(request, timeout=20)
        except urllib.error.HTTPError as refusal:
            found = refusal
        with found:
            return found.status, found.headers, found.read().decode()

    def pay(self, url, **changes):
        return self.open(url, urllib.parse.urlencode(CARD | changes).encode())

    def json(self, method, url, body=None):
        data = None if body is None else json.dumps(body).encode()
        status, _, text = self.open(url, data, method, {"Content-Type": "application/json"})
        return status, json.loads(text)


class Clock:
    """Seconds since the epoch, plus ``ahead`` seconds."""

    def __init__(self):
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def receiver():
    server = Receiver()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sandbox(tmp_path, receiver, clock):
    """A running server. ``sandbox.url`` is its URL."""
    server = Server(_config(tmp_path, receiver, clock), "127.0.0.1", 0)
    server.url = server.sandbox.config.public_url  # type: ignore[attr-defined]
    server.start()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.close()


def _config(state, receiver, clock):
    return Config(
        state=state,
        webhook_url=receiver.url,
        webhook_secret=SECRET,
        business_name="Quiet Office",
        statement_prefix="QUIET",
        retry_base=0.05,
        max_attempts=4,
        sweep_seconds=0.05,
        clock=clock,
    )


@pytest.fixture
def client(sandbox):
    """stripe-python without its own retries, so that a test sees every answer."""
    return stripe.StripeClient("sk_test_tests", base_addresses={"api": sandbox.url}, max_network_retries=0)


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def lever(sandbox, browser):
    """Set a lever: ``lever("webhooks", hold=True)``. Returns the answer."""

    def pull(path, **body):
        status, answer = browser.json("POST", f"{sandbox.url}/_sandbox/{path}", body)
        assert status == 200, answer
        return answer

    return pull


@pytest.fixture
def calls(sandbox, browser):
    return lambda: browser.json("GET", f"{sandbox.url}/_sandbox/calls")[1]


def session_params(**changes) -> dict:
    item = {"price_data": {"currency": "usd", "product_data": {"name": "Appointment"}, "unit_amount": 90_000}}
    return {
        "mode": "payment",
        "line_items": [item | {"quantity": 1}],
        "success_url": "https://office.example/back?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://office.example/stop",
    } | changes


@pytest.fixture
def new_session(client) -> Callable[..., stripe.checkout.Session]:
    return lambda **changes: client.v1.checkout.sessions.create(session_params(**changes))


@pytest.fixture
def paid_intent(client, browser, new_session) -> Callable[..., stripe.PaymentIntent]:
    """Pay a new session on the page; returns its PaymentIntent."""

    def pay(**changes):
        session = new_session(**changes)
        status, _, _ = browser.pay(session.url)
        assert status == 303
        return client.v1.payment_intents.retrieve(client.v1.checkout.sessions.retrieve(session.id).payment_intent)

    return pay


@pytest.fixture
def saved_card(client, browser, new_session):
    """Save a card at checkout: ``saved_card(number)`` returns (customer id, method id)."""

    def save(number="4242424242424242"):
        customer = client.v1.customers.create({"email": "ann@example.com"})
        session = new_session(customer=customer.id, payment_intent_data={"setup_future_usage": "off_session"})
        status, headers, _ = browser.pay(session.url, number=number)
        assert status == 303
        if "/c/authenticate/" in headers["Location"]:
            browser.open(session.url.split("/c/")[0] + headers["Location"], b"result=complete")
        return customer.id, client.v1.customers.payment_methods.list(customer.id).data[0].id

    return save


@pytest.fixture
def wait_for():
    """Poll until a condition holds; fail after five seconds."""

    def wait(condition, seconds=5.0):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            time.sleep(0.01)
        raise AssertionError(f"not true within {seconds} seconds")

    return wait
