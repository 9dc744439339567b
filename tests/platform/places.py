"""Temporary directories and free ports for tests that start servers."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def own_directory() -> Iterator[Path]:
    """A temporary directory. Not pytest's `tmp_path`: pytest makes its root private, so other accounts cannot enter."""
    with tempfile.TemporaryDirectory(prefix="mooring-tests-") as name:
        yield Path(name)


def free_port() -> int:
    """A free port of the loopback interface."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
