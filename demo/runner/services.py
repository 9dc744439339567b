"""The four processes of the demo besides its database, and a fifth that fills the practice once."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from demo.runner.layout import HOST, Layout

WEB_THREADS = 8  # each may use one connection of the pool


@dataclass(frozen=True)
class Service:
    """A child process: its name (also of its log), its command, and its own environment variables.

    `ends`: it has a task, so ending with exit code 0 is expected.
    """

    name: str
    command: list[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ends: bool = False


def services(layout: Layout, *, payments_port: int, webhook_secret: str) -> list[Service]:
    """All services, in the order in which they start."""
    return [
        _payments(layout, payments_port, webhook_secret),
        _web(layout),
        Service("worker", _celery("worker", *_WORKER)),
        Service("beat", _celery("beat", "--pidfile=", "--schedule", str(layout.var / "celerybeat-schedule"))),
    ]


def filling(layout: Layout) -> Service:
    """The service that fills the practice. In the embedded database its commits need not reach the disk."""
    short = ["--short"] if os.environ.get("DEMO_SHORT") else []
    command = [sys.executable, "manage.py", "seed_demo", *short]
    env = {} if layout.database_url else {"PGOPTIONS": "-c synchronous_commit=off"}
    return Service("filling", command, env, ends=True)


# Threads, so that one process is stopped and one reader reads the broker's files. Gossip is off, because there is no
# other worker and each reply would leave a file in the broker's directory.
_WORKER = (
    *("--pool", "threads", "--concurrency", "3", "--hostname", "demo@mooring"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)


def _celery(role: str, *options: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--app", "backend.celery", role, "--loglevel", "INFO", *options]


def _web(layout: Layout) -> Service:
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(layout.port)),
        *("--workers", "1", "--blocking-threads", str(WEB_THREADS), "--no-ws"),
        *("--workers-kill-timeout", "5", "backend.wsgi:application"),
    ]
    return Service("web", command, {"DATABASE_POOL": "1", "DATABASE_POOL_SIZE": str(WEB_THREADS + 2)})


def _payments(layout: Layout, port: int, webhook_secret: str) -> Service:
    command = [
        *(sys.executable, "-m", "demo.payment_sandbox", "--host", HOST, "--port", str(port)),
        *("--state", str(layout.var / "payments"), "--public-url", f"http://{HOST}:{port}"),
        *("--webhook-url", f"{layout.base_url}/billing/stripe/webhook/", "--webhook-secret", webhook_secret),
    ]
    return Service("payments", command)
