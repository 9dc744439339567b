"""Webhook deliveries: signed POSTs, retried with growing pauses, stored on disk.

The signature follows docs.stripe.com/webhooks/signature: ``t=<seconds>,v1=<HMAC-SHA256 of
"<t>.<raw body>">``. Any 2xx answer makes a delivery successful. Otherwise it is retried after 1, 2, 4, 8 ...
times ``retry_base`` seconds, and given up after ``max_attempts``. The event itself stays listed.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import logging
import random
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from .config import Config
from .levers import Levers
from .objects import Json
from .store import Store

log = logging.getLogger(__name__)
WORKERS = 8
LONGEST_WAIT = 0.5
READY = """
SELECT id, event, payload, attempts FROM deliveries AS d WHERE state = 'pending' AND due <= ? AND (
    after IS NULL OR NOT EXISTS (
        SELECT 1 FROM deliveries AS e WHERE e.id = d.after AND e.state = 'pending' AND e.attempts = 0))
ORDER BY due, id LIMIT 100
"""


def sign(payload: bytes, secret: str, at: int) -> str:
    """The ``Stripe-Signature`` header for a payload sent at ``at`` (seconds since the epoch)."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + payload, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


class Courier:
    """Reads due deliveries from the store and posts them from a small pool of threads."""

    def __init__(self, store: Store, levers: Levers, config: Config) -> None:
        self.store, self.levers, self.config = store, levers, config
        self.wake = threading.Event()
        self.stopping = False
        self.in_flight: set[int] = set()
        self.pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="webhook")
        self.thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Start sending, beginning with the deliveries left by an earlier run."""
        self.thread.start()

    def stop(self) -> None:
        """Wait for the running posts and stop. Other deliveries stay on disk."""
        self.stopping = True
        self.wake.set()
        self.thread.join()
        self.pool.shutdown(wait=True, cancel_futures=True)

    def enqueue(self, event: Json) -> None:
        """Plan an event's deliveries, in the transaction that creates the event."""
        plan = self.levers.plan(event["type"])
        self._add(event, plan.copies, plan.parallel, plan.state, plan.delay)
        if plan.last_of_reorder:
            self.release("reversed", state="gathered")
        self.wake.set()

    def resend(self, event: Json, times: int, parallel: bool) -> None:
        """Send an event again, regardless of its earlier deliveries."""
        self._add(event, times, parallel, "pending", 0.0)
        self.wake.set()

    def _add(self, event: Json, copies: int, parallel: bool, state: str, delay: float) -> None:
        payload = json.dumps(event, indent=2).encode()
        after = None
        for _ in range(copies):
            row = self.store.execute(
                "INSERT INTO deliveries (event, payload, state, due, after) VALUES (?, ?, ?, ?, ?)",
                (event["id"], payload, state, time.time() + delay, after),
            )
            after = None if parallel else row

    def release(self, order: str | list[str], *, state: str = "held") -> int:
        """Send held deliveries one after another in the given order; returns how many.

        Raises:
            ValueError: ``order`` is not as_made, reversed, random or a list of event ids or types.
        """
        rows = self.store.rows(
            "SELECT d.id, d.event, json_extract(o.body, '$.type') AS type FROM deliveries AS d "
            "JOIN objects AS o ON o.id = d.event WHERE d.state = ? ORDER BY d.id",
            (state,),
        )
        after = None
        for row in _ordered(rows, order):
            self.store.execute(
                "UPDATE deliveries SET state = 'pending', due = ?, after = ? WHERE id = ?",
                (time.time(), after, row["id"]),
            )
            after = row["id"]
        self.wake.set()
        return len(rows)

    def deliveries(self) -> list[Json]:
        """All deliveries, oldest first, without their payloads."""
        rows = self.store.rows(
            "SELECT d.id, d.event, json_extract(o.body, '$.type') AS type, d.state, d.attempts, d.outcome "
            "FROM deliveries AS d JOIN objects AS o ON o.id = d.event ORDER BY d.id"
        )
        return [dict(row) for row in rows]

    def _run(self) -> None:
        while not self.stopping:
            self.wake.clear()
            try:
                pause = self._hand_out()
            except sqlite3.Error:
                log.exception("the courier could not read its deliveries")
                pause = LONGEST_WAIT
            self.wake.wait(pause)

    def _hand_out(self) -> float:
        """Give due deliveries to the pool; returns the seconds to wait until the next look."""
        for row in self._due():
            self.in_flight.add(row["id"])
            self.pool.submit(self._deliver, row)
        return self._pause()

    def _due(self) -> list[sqlite3.Row]:
        rows = self.store.rows(READY, (time.time(),))
        return [row for row in rows if row["id"] not in self.in_flight]

    def _pause(self) -> float:
        found = self.store.rows("SELECT MIN(due) AS due FROM deliveries WHERE state = 'pending'")
        due = found[0]["due"]
        return LONGEST_WAIT if due is None else min(LONGEST_WAIT, max(0.02, due - time.time()))

    def _deliver(self, row: sqlite3.Row) -> None:
        try:
            ok, outcome = self._post(row["payload"])
            with self.store.transaction():
                self._record(row, ok, outcome)
        finally:
            self.in_flight.discard(row["id"])
            self.wake.set()

    def _post(self, payload: bytes) -> tuple[bool, str]:
        url = urlsplit(self.config.webhook_url or "")
        kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        connection = kind(url.hostname or "", url.port, timeout=self.config.webhook_timeout)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": sign(payload, self.config.webhook_secret, int(time.time())),
        }
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        try:
            connection.request("POST", target, payload, headers)
            status = connection.getresponse().status
            return 200 <= status < 300, f"HTTP {status}"
        except (OSError, ValueError, http.client.HTTPException) as problem:
            return False, f"{type(problem).__name__}: {problem}"
        finally:
            connection.close()

    def _record(self, row: sqlite3.Row, ok: bool, outcome: str) -> None:
        attempts = row["attempts"] + 1
        state = "delivered" if ok else "given_up" if attempts >= self.config.max_attempts else "pending"
        due = time.time() + self.config.retry_base * 2 ** (attempts - 1)
        self.store.execute(
            "UPDATE deliveries SET state = ?, attempts = ?, due = ?, outcome = ? WHERE id = ?",
            (state, attempts, due, outcome, row["id"]),
        )
        event = self.store.get("event", row["event"])
        event["pending_webhooks"] = int(self._pending(row["event"]))
        self.store.save(event)

    def _pending(self, event_id: str) -> bool:
        """True until the event is delivered. Stripe counts pending endpoints, and the sandbox has one."""
        rows = self.store.rows("SELECT 1 FROM deliveries WHERE event = ? AND state = 'delivered'", (event_id,))
        return not rows


def _ordered(rows: list[Any], order: str | list[str]) -> list[Any]:
    if order == "as_made":
        return rows
    if order == "reversed":
        return rows[::-1]
    if order == "random":
        return random.sample(rows, len(rows))
    if isinstance(order, list):
        places = {name: place for place, name in enumerate(order)}
        return sorted(rows, key=lambda row: places.get(row["event"], places.get(row["type"], len(order))))
    raise ValueError('order must be "as_made", "reversed", "random" or a list of event ids or types')
