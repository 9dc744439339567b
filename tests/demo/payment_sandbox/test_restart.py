"""The program loses nothing when it is killed, and stops cleanly on a signal."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import stripe

from .conftest import SECRET, session_params

ROOT = Path(__file__).resolve().parents[3]


class Program:
    """``python -m demo.payment_sandbox`` on one state directory."""

    def __init__(self, state, webhook_url):
        self.state, self.webhook_url, self.process = state, webhook_url, None

    def start(self, port="0"):
        options = ["--port", port, "--state", str(self.state), "--retry-base", "0.1"]
        hooks = ["--webhook-url", self.webhook_url, "--webhook-secret", SECRET]
        command = [sys.executable, "-m", "demo.payment_sandbox", *options, *hooks]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.url = re.search(r"http://\S+", self.process.stdout.readline())[0]
        return stripe.StripeClient("sk_test_x", base_addresses={"api": self.url}, max_network_retries=0)

    def end(self, number):
        self.process.send_signal(number)
        code = self.process.wait(timeout=10)
        self.process.stdout.close()
        return code


@pytest.fixture
def program(tmp_path, receiver):
    found = Program(tmp_path / "state", receiver.url)
    yield found
    if found.process and found.process.poll() is None:
        found.end(signal.SIGKILL)


def test_a_kill_loses_no_object_no_answer_and_no_webhook(program, receiver, browser, wait_for):
    client = program.start()
    receiver.answers = [503] * 3
    session = client.v1.checkout.sessions.create(session_params(), {"idempotency_key": "s1"})
    paid = browser.pay(session.url)
    assert paid[0] == 303
    program.end(signal.SIGKILL)
    client = program.start()
    found = client.v1.checkout.sessions.retrieve(session.id)
    assert (found.status, found.payment_status) == ("complete", "paid")
    again = client.v1.checkout.sessions.create(session_params(), {"idempotency_key": "s1"})
    assert (again.id, again.last_response.headers["Idempotent-Replayed"]) == (session.id, "true")
    made = {event.id for event in client.v1.events.list().data}
    wait_for(lambda: {event.id for event in receiver.events()} == made)
    wait_for(lambda: all(event.pending_webhooks == 0 for event in client.v1.events.list().data))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_program_within_seconds_with_status_zero(program, number):
    program.start()
    begun = time.monotonic()
    assert program.end(number) == 0
    assert time.monotonic() - begun < 3


def test_the_sandbox_does_not_import_django(tmp_path):
    code = "import demo.payment_sandbox.server, sys; sys.exit('django' in sys.modules)"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=False).returncode == 0
