"""The whole practice, as `make demo` starts it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.platform.places import ROOT, free_port, own_directory

CHROMIUM = "/usr/bin/chromium"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Practice:
    """Address of the running practice, and the users who can sign in."""

    url: str
    var: Path
    users: list[dict[str, Any]]

    def user(self, role: str) -> dict[str, Any]:
        return next(user for user in self.users if user["role"] == role)


@contextmanager
def running_practice(*, whole: bool = False) -> Iterator[Practice]:
    """Start it in its own directory, with one week of bookings or the `whole` demo, and end it as Ctrl-C does."""
    with own_directory() as var, open(var / "runner.log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "demo.runner"], cwd=ROOT, stdout=log, stderr=log, env=_environment(var, whole)
        )
        try:
            yield _ready(process, var, seconds=900 if whole else 240)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 0


def _environment(var: Path, whole: bool) -> dict[str, str]:
    ours = {"PORT": str(free_port()), "VAR_DIR": str(var), "DEMO_SHORT": "" if whole else "1"}
    kept = {
        k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "CELERY_BROKER_URL"}
    }
    return kept | ours


def _ready(process: subprocess.Popen[bytes], var: Path, seconds: float) -> Practice:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if "The practice is filled" in (var / "runner.log").read_text():
            told = json.loads((var / "demo.json").read_text())
            return Practice(told["base_url"].rstrip("/"), var, told["users"])
        time.sleep(0.2)
    raise AssertionError(f"The practice did not start:\n{(var / 'runner.log').read_text()[-3000:]}")
