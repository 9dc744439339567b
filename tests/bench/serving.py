"""The server of production, as a child on the loopback."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from django.conf import settings
from django.db import connection

from demo import processes
from demo.runner import environment
from demo.runner.layout import HOST, Layout
from demo.runner.services import services
from tests.platform.places import ROOT, free_port, own_directory


@dataclass
class Server:
    """`get` and `post` ask it over one connection that is kept."""

    pid: int
    port: int
    line: HTTPConnection

    def get(self, path: str) -> bytes:
        """The body of the answer, which is a 200."""
        self.line.request("GET", path)
        answer = self.line.getresponse()
        body = answer.read()
        assert answer.status == 200, body[:500]
        return body

    def post(self, path: str, body: str, headers: Mapping[str, str]) -> SimpleCookie:
        """The cookies of the answer, which leads to another page."""
        self.line.request("POST", path, body, dict(headers))
        answer = self.line.getresponse()
        told = answer.read()
        assert answer.status == 302, told[:500]
        return SimpleCookie(answer.headers["Set-Cookie"])

    def peak_megabytes(self) -> float:
        """The most memory that the process which answers has ever held."""
        workers = psutil.Process(self.pid).children(recursive=True)
        return max(_high_water(worker.pid) for worker in workers)


def _high_water(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


@contextmanager
def serving() -> Iterator[Server]:
    """Granian as the demo starts it, on the database of the tests."""
    with _started("tests.bench.wsgi:application", "/api/v1/locations/") as server:
        yield server


@contextmanager
def serving_the_floor() -> Iterator[Server]:
    """The bare view of a booking, by a process like ours on the same database."""
    with _started("tests.bench.booking_floor:application", "/ready/") as server:
        yield server


@contextmanager
def _started(application: str, first: str) -> Iterator[Server]:
    """One process that serves `application`, once it answers the path `first`."""
    with own_directory() as var:
        layout = Layout(var=var, port=free_port(), database_url=None)
        layout.make()
        child, line = _start(layout, application), HTTPConnection(HOST, layout.port, timeout=120)
        server = Server(child.pid, layout.port, line)
        try:
            _wait_for(server, first)
            yield server
        finally:
            line.close()
            processes.stop(child)


def _start(layout: Layout, application: str):
    web = next(one for one in services(layout, payments_port=1, webhook_secret="") if one.name == "web")
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    env = environment.children(layout, database_url=url, payments_port=1) | dict(web.env)
    env |= {"DJANGO_SETTINGS_MODULE": "tests.bench.server", "LOG_LEVEL": "ERROR"}
    env["SECRET_KEY"] = settings.SECRET_KEY  # so that the tests can go on with a session of the server
    return processes.start([*web.command[:-1], application], log=layout.logs / "web.log", env=env, cwd=ROOT)


def _wait_for(server: Server, path: str) -> None:
    for _ in range(120):
        try:
            server.get(path)
        except OSError:
            server.line.close()
            time.sleep(0.25)
        else:
            return
    raise AssertionError("The server did not answer.")
