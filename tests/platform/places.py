"""Directories and ports of our own for tests that start servers."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def own_directory() -> Iterator[Path]:
    """A directory that is removed afterwards. Not pytest's: it closes its root to others when a session starts."""
    with tempfile.TemporaryDirectory(prefix="mooring-tests-") as name:
        yield Path(name)


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
