"""Allow one runner for each VAR_DIR, and stop processes that a killed runner left behind."""

from __future__ import annotations

import fcntl
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo import processes
from demo.runner.layout import Layout, Refused


@contextmanager
def only_one(layout: Layout) -> Iterator[None]:
    """Hold VAR_DIR's lock, which the kernel frees when this process ends. Raises Refused if another runner has it."""
    layout.var.mkdir(parents=True, exist_ok=True)
    with (layout.var / "runner.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(_already_running(lock.name, layout)) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)


def _already_running(lock: str, layout: Layout) -> str:
    pid = Path(lock).read_text().strip() or "unknown"
    return (
        f"A demo already runs on {layout.var} (process {pid}). Stop it, or start another beside it: "
        "PORT=9001 VAR_DIR=$(mktemp -d) make demo"
    )


def note_children(layout: Layout, pids: dict[str, int]) -> None:
    """Write down the process ids and start times, for a start after a kill -9."""
    rows = [{"name": name, "pid": pid, "started": processes.started_at(pid)} for name, pid in pids.items()]
    unfinished = layout.var / "processes.json.new"
    unfinished.write_text(json.dumps(rows))
    unfinished.replace(layout.var / "processes.json")


def end_leftovers(layout: Layout) -> list[str]:
    """Stop children of an earlier runner that are still alive. The start time shows that a process id is still theirs.

    Returns their names. On Linux the kernel has usually ended them; then there is nothing to do.
    """
    note = layout.var / "processes.json"
    try:
        rows = json.loads(note.read_text())
    except (OSError, ValueError):
        return []
    ended = [str(row["name"]) for row in rows if _end(int(row["pid"]), row["started"])]
    note.unlink(missing_ok=True)
    return ended


def _end(pid: int, started: float | None) -> bool:
    if started is None or processes.started_at(pid) != started:
        return False  # gone, or the id belongs to another process now
    for number, seconds in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)):
        processes.signal_group(pid, number)  # each child leads its own process group
        if processes.wait_until_gone(pid, seconds=seconds):
            break
    processes.signal_group(pid, signal.SIGKILL)
    return True
