"""A real worker, a real broker, and a real mail server that can wait, so that a test can kill at a chosen moment."""

from __future__ import annotations

import asyncio
import email
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

from backend.celery import app

BROKER = os.environ.get("CELERY_BROKER_URL", "redis://127.0.0.1:6379/13")
QUEUE = f"tests-{os.getpid()}"  # other tests may use the same broker at the same time
COMMAND = ["celery", "-A", "backend.celery:app", "worker", "-c", "1", "-l", "WARNING", "-Q", QUEUE]
COMMAND += ["--without-gossip", "--without-mingle"]


class Mailbox:
    """Records arriving mails. `stop("before")` waits before a mail is taken, `stop("after")` before it is answered."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.reached = threading.Event()
        self.gate = threading.Event()
        self.gate.set()
        self.stops: str = ""
        self.let_through = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.stops == "before" and len(self.ids) >= self.let_through:
            await self._wait()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.ids.append(str(email.message_from_bytes(envelope.content)["Message-ID"]))
        if self.stops == "after" and len(self.ids) > self.let_through:
            await self._wait()
        return "250 OK"

    async def _wait(self) -> None:
        self.reached.set()
        while not self.gate.is_set():
            await asyncio.sleep(0.02)

    def stop(self, where: str, *, let_through: int = 0) -> None:
        """Wait at every mail after the first `let_through`, until `go`. `where` is `before` or `after`."""
        self.stops, self.let_through = where, let_through
        self.reached.clear()
        self.gate.clear()

    def go(self) -> None:
        """Let all mails through, also those that wait."""
        self.stops = ""
        self.gate.set()


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, int]]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield mailbox, controller.port
    finally:
        mailbox.go()
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Worker:
    """A Celery worker in a process group of its own, on the database of the tests."""

    def __init__(self, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", *COMMAND, "-n", f"tests-{os.getpid()}-{time.monotonic_ns()}@here"],
            cwd=settings.BASE_DIR,
            env={**os.environ, **_environment(), **environment},
            start_new_session=True,
        )

    def kill(self) -> None:
        """Kill the worker and its pool with SIGKILL, so that no cleanup runs."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)


@contextmanager
def worker(**environment: str) -> Iterator[Worker]:
    started = Worker(**environment)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.kill()


def _environment() -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "backend.settings",
        "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": BROKER,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
    }


def database_url() -> str:
    """DATABASE_URL with the name of the test database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def flush_broker() -> None:
    """Empty the queue, as a crash does to a broker without a disk."""
    with app.connection_for_write(BROKER) as broker:
        queue = app.amqp.queues.new_missing(QUEUE).bind(broker.default_channel)
        queue.declare()
        queue.purge()


def ask(task: Any, **kwargs: Any) -> None:
    """Send a task to the broker, as beat or a request does."""
    with app.connection_for_write(BROKER) as broker:
        task.apply_async(kwargs=kwargs, connection=broker, queue=QUEUE)


def until(condition: Callable[[], bool], seconds: float = 40) -> None:
    """Wait until `condition()` is true, which another process causes. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not true within {seconds} seconds"
        time.sleep(0.05)
