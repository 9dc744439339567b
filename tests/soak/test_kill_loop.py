"""Bookings under load while workers are killed, the broker is flushed and beat runs twice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest

from demo import database
from demo.runner import environment
from demo.runner.layout import Layout
from demo.runner.services import Service, services
from tests.platform.places import ROOT, free_port, own_directory
from tests.soak.people import Tally, book_until

pytestmark = pytest.mark.soak

MINUTES = float(os.environ.get("SOAK_MINUTES", "3"))
PROGRAMS = 3


class Parts:
    """The processes of the practice; any of them can be killed and started again."""

    def __init__(self, layout: Layout, url: str) -> None:
        self.layout, port = layout, free_port()
        self.env = environment.children(layout, database_url=url, payments_port=port)
        secret = self.env["STRIPE_WEBHOOK_SECRET"]
        self.services = {one.name: one for one in services(layout, payments_port=port, webhook_secret=secret)}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.kills: Counter[str] = Counter()

    def start(self, name: str, as_name: str = "") -> None:
        service: Service = self.services[name]
        with open(self.layout.logs / f"{as_name or name}.log", "ab") as log:
            self.running[as_name or name] = subprocess.Popen(
                service.command, cwd=ROOT, env=self.env | dict(service.env), stdout=log, stderr=log
            )

    def kill(self, name: str) -> None:
        self.running[name].kill()
        self.running[name].wait()
        self.kills[name] += 1

    def end(self) -> None:
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            process.wait(timeout=60)

    def manage(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.env, capture_output=True, text=True, check=True
        )
        return done.stdout


@contextmanager
def parts() -> Iterator[Parts]:
    with own_directory() as var:
        server = database.ensure(var / "postgres", durable=True)
        layout = Layout(var=var, port=free_port(), database_url=None)
        layout.make()
        practice = Parts(layout, server.url())
        try:
            practice.manage("migrate", "--verbosity", "0")
            practice.manage("createcachetable")
            practice.manage("seed_demo", "--short")
            for name in practice.services:
                practice.start(name)
            practice.start("beat", "second-beat")
            _wait_for_health(layout)
            yield practice
        finally:
            practice.end()
            server.stop()


def _wait_for_health(layout: Layout) -> None:
    for _ in range(240):
        try:
            with urlopen(f"{layout.base_url}/health/", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("The pages did not answer.")


def disturb(practice: Parts, until: float) -> None:
    """Kill the worker every few seconds, sometimes a beat, and empty the broker."""
    turn = 0
    while time.monotonic() < until:
        turn += 1
        time.sleep(4)
        practice.kill("worker")
        if turn % 3 == 0:
            shutil.rmtree(practice.layout.var / "broker" / "queue", ignore_errors=True)
            practice.kills["broker"] += 1
        if turn % 5 == 0:
            practice.kill("beat")
            practice.start("beat")
        practice.start("worker")


def test_killed_workers_and_a_flushed_broker_lose_and_repeat_nothing():
    with parts() as practice:
        tallies = _load(practice)
        _settle(practice)
        facts = _facts(practice)
        _tell(practice, tallies, facts)
        booked = [reference for one in tallies for reference in one.booked + one.unsettled]
        assert not [words for one in tallies for words in one.wrong]
        assert booked
        assert facts["confirmed"] >= set(booked)
        assert set(facts["payments"].values()) == {1}
        assert facts["payments"].keys() >= set(booked)
        assert facts["unfinished"] == 0
        assert facts["told_twice"] == 0
        assert _never_told(practice, booked) == []


def _load(practice: Parts) -> list[Tally]:
    until = time.monotonic() + MINUTES * 60
    chaos = threading.Thread(target=disturb, args=(practice, until))
    chaos.start()
    with ThreadPoolExecutor(PROGRAMS) as pool:
        tallies = list(pool.map(lambda n: book_until(until, practice.layout.base_url, n), range(PROGRAMS)))
    chaos.join()
    return tallies


def _settle(practice: Parts) -> None:
    """Resolve stuck claims and deliver all due messages, as happens within a quiet quarter of an hour."""
    practice.kill("worker")
    practice.manage(
        "shell",
        "-c",
        "import time; from datetime import timedelta; from django.utils import timezone\n"
        "from backend.outbox import sweeping, tasks\n"
        "from billing.operations.reconciling import reconcile\n"
        "reconcile(now=timezone.now())\n"
        "later = timezone.now() + timedelta(minutes=15)\n"
        "sweeping.sweep(now=later)\n"
        "tasks.deliver_due(until=time.monotonic() + 120, now=later)",
    )
    practice.start("worker")


def _facts(practice: Parts) -> dict[str, Any]:
    with psycopg.connect(practice.env["DATABASE_URL"]) as connection:
        rows = connection.execute(
            "SELECT b.reference, count(*) FROM billing_ledgerentry l JOIN scheduling_booking b ON b.id = l.booking_id"
            " WHERE l.kind = 'payment' GROUP BY 1"
        ).fetchall()
        confirmed = connection.execute(
            "SELECT reference FROM scheduling_booking WHERE status = 'confirmed' AND confirmed_unpaid_reason = ''"
        ).fetchall()
        unfinished = connection.execute(
            "SELECT count(*) FROM outbox_delivery WHERE status IN ('planned', 'claimed') AND purpose <> 'reminder'"
        ).fetchone()
        twice = connection.execute(
            "SELECT count(*) FROM (SELECT message_id FROM outbox_delivery WHERE message_id <> ''"
            " GROUP BY 1 HAVING count(*) > 1) z"
        ).fetchone()
    assert unfinished
    assert twice
    return {
        "payments": dict(rows),
        "confirmed": {reference for (reference,) in confirmed},
        "unfinished": unfinished[0],
        "told_twice": twice[0],
    }


def _never_told(practice: Parts, booked: list[str]) -> list[str]:
    """Bookings without a confirmation among the mails that were really delivered."""
    delivered = " ".join(path.read_text() for path in Path(practice.layout.var / "messages").rglob("*.json"))
    with psycopg.connect(practice.env["DATABASE_URL"]) as connection:
        rows = connection.execute(
            "SELECT b.reference, d.message_id FROM outbox_delivery d"
            " JOIN scheduling_participant p ON p.id = d.subject_id JOIN scheduling_booking b ON b.id = p.booking_id"
            " WHERE d.purpose = 'booking_confirmed' AND d.status = 'sent'"
        ).fetchall()
    told = {reference for reference, message_id in rows if message_id.strip("<>") in delivered}
    return sorted(set(booked) - told)


def _tell(practice: Parts, tallies: list[Tally], facts: dict[str, Any]) -> None:
    lost = sum(one.lost for one in tallies)
    print(
        f"\n{MINUTES:g} minutes, {PROGRAMS} programs: {len(facts['payments'])} bookings paid, {lost} openings lost to"
        f" others; killed {dict(practice.kills)}; every one has one payment and one confirmation"
    )
