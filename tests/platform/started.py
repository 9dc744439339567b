"""A started runner, as a person starts, stops and kills it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil

from tests.platform.places import ROOT

RUNNER = (sys.executable, "-m", "demo.runner")
START_SECONDS = 240
# What the tests themselves run with: the demo has its own.
OURS = frozenset({"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "CELERY_BROKER_URL"})


def _listen_to_the_keyboard() -> None:
    """A shell without job control starts what runs behind it deaf to SIGINT, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Demo:
    """A started runner and what it has said so far."""

    def __init__(self, var: Path, port: int, command: tuple[str, ...] = RUNNER, **settings: str):
        environment = {name: value for name, value in os.environ.items() if name not in OURS}
        environment |= {"VAR_DIR": str(var), "PORT": str(port)} | settings
        self.var, self.url, self.said = var, f"http://127.0.0.1:{port}", ""
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=_listen_to_the_keyboard,
        )

    def wait_until_ready(self) -> Demo:
        return self.wait_for("Ready in")

    def wait_until_filled(self) -> Demo:
        return self.wait_for("The practice is filled")

    def wait_for(self, words: str) -> Demo:
        deadline = time.monotonic() + START_SECONDS
        assert self.process.stdout
        while words not in self.said:
            line = self.process.stdout.readline()
            assert line, f"The runner ended:\n{self.said}"
            assert time.monotonic() < deadline, self.said
            self.said += line
        return self

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.read_to_the_end()

    def read_to_the_end(self) -> int:
        self.said += self.process.communicate(timeout=60)[0]
        return self.process.returncode

    def users(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((self.var / "demo.json").read_text())["users"]
        return found

    def page(self, path: str = "/") -> str:
        return get(self.url + path).decode()


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        content: bytes = answer.read()
        return content
