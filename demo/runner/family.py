"""The child processes of the runner: started, watched and stopped together."""

from __future__ import annotations

import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from demo import processes
from demo.database import Server
from demo.runner import instance
from demo.runner.layout import ROOT, Layout
from demo.runner.services import Service
from demo.runner.stopping import Stop
from demo.runner.telling import last_lines

HEALTH_SECONDS = 60.0
STOP_SECONDS = 10.0


class Died(Exception):
    """A child process ended unexpectedly. The message names it and shows the end of its log."""


@dataclass
class Family:
    """Running child processes by name, each with its own log. `server`: the embedded database, if used."""

    layout: Layout
    server: Server | None = None
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ending: set[str] = field(default_factory=set)

    def add(self, name: str, child: subprocess.Popen[bytes]) -> None:
        """Watch this process too, and write it down for a start after a kill -9."""
        self.children[name] = child
        instance.note_children(self.layout, {name: child.pid for name, child in self.children.items()})

    def start(self, service: Service, env: Mapping[str, str]) -> None:
        """Start a service; its output goes to `logs/<name>.log`."""
        log = self.layout.logs / f"{service.name}.log"
        if service.ends:
            self.ending.add(service.name)
        self.add(service.name, processes.start(service.command, log=log, env={**env, **service.env}, cwd=ROOT))

    def check(self) -> None:
        """Raise Died if a child process has ended unexpectedly."""
        for name, child in self.children.items():
            if child.poll() is not None and (child.returncode or name not in self.ending):
                raise Died(_obituary(name, child, self.layout.logs / f"{name}.log"))
        if self.server and self.server.process.poll() is not None:
            raise Died(_obituary("database", self.server.process, self.server.log))

    def wait_for_health(self, stop: Stop) -> bool:
        """Wait until `/health/` answers; False if asked to stop meanwhile. Raises Died."""
        deadline = time.monotonic() + HEALTH_SECONDS
        while not stop:
            self.check()
            if _is_healthy(f"{self.layout.base_url}/health/"):
                return True
            if time.monotonic() > deadline:
                said = last_lines(self.layout.logs / "web.log")
                raise Died(f"The pages did not answer within {HEALTH_SECONDS:.0f} s. Last lines of web:\n{said}")
            time.sleep(0.1)
        return False

    def wait_for_end(self, name: str, stop: Stop) -> bool:
        """Wait until the child `name` has done its task; False if asked to stop meanwhile. Raises Died."""
        while not stop:
            self.check()
            if self.children[name].poll() is not None:
                self.check()  # it may have failed since the last check
                del self.children[name]
                return True
            time.sleep(0.2)
        return False

    def watch(self, stop: Stop) -> None:
        """Wait until asked to stop. Raises Died."""
        while not stop:
            self.check()
            time.sleep(0.2)

    def end(self) -> None:
        """Ask all children to stop, wait for each, and kill those that do not."""
        for child in self.children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            processes.stop(child, patience=max(0.1, deadline - time.monotonic()))
        self.children.clear()
        (self.layout.var / "processes.json").unlink(missing_ok=True)


def _obituary(name: str, child: subprocess.Popen[bytes], log: Path) -> str:
    code = child.returncode
    how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return f"The {name} process ended ({how}). Its last lines, from {log}:\n{last_lines(log)}"


def _is_healthy(url: str) -> bool:
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({})
    )  # a proxy must not get requests to this machine
    try:
        with opener.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
