"""A payment sandbox over real HTTP, with a clock that the test sets and a client that pays on its pages."""

from __future__ import annotations

import http.server
import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from stripe import WebhookSignature

from billing.models import StripeEvent
from billing.operations.webhook import receive
from demo.payment_sandbox.config import Config
from demo.payment_sandbox.server import Server
from tests.factories import NOW

SECRET = "whsec_for_billing_tests"
CARD = {"number": "4242424242424242", "exp": "12 / 34", "cvc": "123", "name": "Ann Example", "postal_code": "75070"}


class _Receiver(http.server.ThreadingHTTPServer):
    """Stores received webhooks as (raw body, signature)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taker)
        self.received: list[tuple[bytes, str]] = []


class _Taker(http.server.BaseHTTPRequestHandler):
    server: _Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((body, self.headers["Stripe-Signature"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Payments:
    """A running sandbox: move its clock, pay on its pages, deliver its webhooks, set its levers."""

    def __init__(self, state: Path, *, webhook_url: str | None = None) -> None:
        self.receiver = _Receiver()
        self.now = NOW
        self.server = Server(self._config(state, webhook_url), "127.0.0.1", 0)
        self.url = self.server.sandbox.config.public_url
        self.server.start()
        self._opener = urllib.request.build_opener(_NoRedirect)
        for server in (self.server, self.receiver):
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def _config(self, state: Path, webhook_url: str | None) -> Config:
        return Config(
            state=state,
            webhook_url=webhook_url or f"http://127.0.0.1:{self.receiver.server_port}/",
            webhook_secret=SECRET,
            retry_base=0.05,
            sweep_seconds=3600,
            clock=lambda: self.now.timestamp(),
        )

    def close(self) -> None:
        for server in (self.server, self.receiver):
            server.shutdown()
            server.server_close()

    def pass_time(self, **by: float) -> datetime:
        """Move the clock forward; returns the new time."""
        self.now += timedelta(**by)
        return self.now

    def pay(self, url: str, **changes: str) -> int:
        """Submit a card on the hosted page; returns the HTTP status (303 if paid)."""
        return self._open("POST", url, urllib.parse.urlencode(CARD | changes).encode())[0]

    def lever(self, path: str, **body: Any) -> Any:
        return self._json("POST", f"/_sandbox/{path}", body)

    def calls(self) -> dict[str, int]:
        """Number of API calls by method and path."""
        return self._json("GET", "/_sandbox/calls")["calls"]

    def forget_calls(self) -> None:
        self._open("DELETE", f"{self.url}/_sandbox/calls")

    def api(self, method: str, path: str, **form: Any) -> Any:
        """Call the API with the practice's key, as the provider's dashboard does; returns the answer."""
        body = urllib.parse.urlencode(form).encode() if form else None
        status, text = self._open(method, self.url + path, body, {"Authorization": "Bearer sk_test_sandbox"})
        assert status == 200, text
        return json.loads(text)

    def webhooks(self, event_type: str = "", *, wait: float = 3.0) -> list[tuple[bytes, str]]:
        """Received webhooks, optionally of one type. Waits up to `wait` seconds for the first."""
        end = threading.Event()
        for _ in range(int(wait / 0.02)):
            found = [webhook for webhook in list(self.receiver.received) if _is(webhook[0], event_type)]
            if found:
                return found
            end.wait(0.02)
        raise AssertionError(f"no webhook {event_type}")

    def deliver(self, event_type: str = "checkout.session.completed") -> StripeEvent:
        """Hand the last webhook of a type to the application."""
        return self.hand_over(self.webhooks(event_type)[-1][0])

    def hand_over(self, body: bytes) -> StripeEvent:
        """Hand a webhook's bytes to the application, signed at the test's time (the sandbox signs with real time)."""
        return receive(payload=body, signature=sign(body, self.now), now=self.now)

    def _json(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        status, text = self._open(method, self.url + path, data, {"Content-Type": "application/json"})
        assert status == 200, text
        return json.loads(text)

    def _open(
        self, method: str, url: str, data: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        request = urllib.request.Request(url, data, headers or {}, method=method)
        try:
            found = self._opener.open(request, timeout=20)
        except urllib.error.HTTPError as refusal:
            found = refusal
        with found:
            return found.status, found.read().decode()


def sign(body: bytes, at: datetime, secret: str = SECRET) -> str:
    """The signature header of a webhook sent at `at`."""
    return WebhookSignature.generate_signature_header(body.decode(), secret, int(at.timestamp()))


def _is(body: bytes, event_type: str) -> bool:
    return not event_type or json.loads(body)["type"] == event_type


@pytest.fixture
def payments(tmp_path: Path, settings: Any) -> Iterator[Payments]:
    """Start a new sandbox and configure the application to use it."""
    made = Payments(tmp_path)
    settings.STRIPE_API_BASE = made.url
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    settings.STRIPE_SECRET_KEY = "sk_test_sandbox"
    yield made
    made.close()
