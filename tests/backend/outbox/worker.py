"""A real worker on a real broker, and a real mail server that can be made to wait, so that a kill hits the spot."""

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
    """Keeps what arrives. `stop_before` and `stop_after` hold a mail back before it is taken, or its answer after."""

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
        """Hold every mail after the first `let_through`."""
        self.stops, self.let_through = where, let_through
        self.reached.clear()
        self.gate.clear()

    def go(self) -> None:
        """Hold nothing any more."""
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
        """kill -9, the pool too: nothing in it gets to say goodbye."""
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
    """The server that the tests run on, with the name of the tests' own database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def flush_broker() -> None:
    """Everything in the queue is gone, as after a crash of a broker without a disk."""
    with app.connection_for_write(BROKER) as broker:
        queue = app.amqp.queues.new_missing(QUEUE).bind(broker.default_channel)
        queue.declare()
        queue.purge()


def ask(task: Any, **kwargs: Any) -> None:
    """Put a task into the broker, as beat or a request does."""
    with app.connection_for_write(BROKER) as broker:
        task.apply_async(kwargs=kwargs, connection=broker, queue=QUEUE)


def until(condition: Callable[[], bool], seconds: float = 40) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
