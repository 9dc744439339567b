"""What must happen before Django's settings load: a database, and a guard on the network.

Loaded by `-p tests.plugin`. Without DATABASE_URL the embedded PostgreSQL is started in a directory of its own and
removed with it at the end; workers of pytest-xdist find the URL in their environment and share the server.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo import database

NAMES_OF_LOOPBACK = frozenset({"localhost", "ip6-localhost", "ip6-loopback"})
WATCHED = frozenset({"socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"})
STARTED = pytest.StashKey[database.Server]()


class NetworkRefused(RuntimeError):
    """A test tried to reach another machine."""


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start the database. A wrapper runs before every plain hook, also that of pytest-django, which reads settings."""
    sys.addaudithook(_refuse_other_machines)
    if not os.environ.get("DATABASE_URL"):
        server = database.ensure(Path(tempfile.mkdtemp(prefix="mooring-tests-")) / "postgres", durable=False)
        early_config.stash[STARTED] = server
        early_config.add_cleanup(lambda: _end(server))
        os.environ["DATABASE_URL"] = server.url(database.SUPERUSER)
    return (yield)


def pytest_report_header(config: pytest.Config) -> str:
    """Say which server the tests run on."""
    return "database: embedded PostgreSQL" if STARTED in config.stash else "database: DATABASE_URL"


def _end(server: database.Server) -> None:
    os.environ.pop("DATABASE_URL", None)
    server.stop()
    shutil.rmtree(server.data.parent, ignore_errors=True)


def _refuse_other_machines(event: str, args: tuple[object, ...]) -> None:
    """Audit hook: sockets, and names to look up, stay on this machine."""
    if event not in WATCHED:
        return
    address = args[0] if event.startswith("socket.get") else args[-1]
    host = address[0] if isinstance(address, tuple) else None if event.endswith(("connect", "sendto")) else address
    if not is_loopback(host):
        raise NetworkRefused(f"A test tried to reach {host!r}; only this machine is allowed.")


def is_loopback(host: object) -> bool:
    """True for this machine: a loopback address or name, no host at all, or a path of a local socket."""
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("idna")
    if not isinstance(host, str) or not host or host in NAMES_OF_LOOPBACK:
        return True
    try:
        address = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
