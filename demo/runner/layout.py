"""Directories and ports of a demo. Two demos side by side share neither."""

from __future__ import annotations

import json
import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
# All names that the demo writes in VAR_DIR. Resetting removes only these.
STATE = (
    *("postgres", "postgres.log", "postgres.unfinished", "postgres-programs", "seeded", "demo.json", "messages"),
    *("filling.json", "filling.json.new", "demo.json.new"),
    *("broker", "payments", "ports.json", "secret_key", "processes.json", "tmp", "logs"),
    *("celerybeat-schedule", "celerybeat-schedule.db", "celerybeat-schedule.dat", "celerybeat-schedule.dir"),
    *("celerybeat-schedule.bak",),
)


class Refused(Exception):
    """The demo cannot start here; the message says what to do."""


@dataclass(frozen=True)
class Layout:
    """Directory and port of one demo, and the database of the caller, if DATABASE_URL is set."""

    var: Path
    port: int
    database_url: str | None

    @classmethod
    def from_environment(cls) -> Layout:
        """Read VAR_DIR, PORT and DATABASE_URL. Raises Refused for an invalid port."""
        port = os.environ.get("PORT", "8000")
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise Refused(f"PORT must be a number from 1 to 65535, not {port!r}.")
        var = Path(os.environ.get("VAR_DIR") or ROOT / "var").expanduser().resolve()
        return cls(var=var, port=int(port), database_url=os.environ.get("DATABASE_URL") or None)

    @property
    def base_url(self) -> str:
        """Base URL of the practice."""
        return f"http://{HOST}:{self.port}"

    @property
    def logs(self) -> Path:
        """Directory with one log file for each child."""
        return self.var / "logs"

    @property
    def is_filled(self) -> bool:
        """True once the practice has all its bookings."""
        return (self.var / "seeded").exists()

    def make(self) -> None:
        """Make the directories that the children need, and empty the one for temporary files."""
        shutil.rmtree(self.var / "tmp", ignore_errors=True)
        for name in ("logs", "tmp", "payments", "broker/queue", "broker/processed", "broker/control"):
            (self.var / name).mkdir(parents=True, exist_ok=True)

    def forget(self) -> None:
        """Remove the demo's state, and VAR_DIR itself if nothing else is in it."""
        for name in STATE:
            path = self.var / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def is_free(port: int) -> bool:
    """True if this port of the loopback can be listened on now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def payments_port(layout: Layout) -> int:
    """A free port for the payment sandbox: the last one if possible, because payment pages may still be open."""
    note = layout.var / "ports.json"
    try:
        port = int(json.loads(note.read_text())["payments"])
    except (OSError, ValueError, KeyError, TypeError):
        port = 0
    if not port or not is_free(port):
        with socket.create_server((HOST, 0)) as probe:
            port = probe.getsockname()[1]
        note.write_text(json.dumps({"payments": port}))
    return port
