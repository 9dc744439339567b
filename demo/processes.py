"""Starting processes that end with their parent, and ending them with their whole family."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1
LINUX = sys.platform.startswith("linux")


def ends_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """A hook for the new process: the kernel sends it `number` when its parent dies, even by kill -9.

    Linux only; elsewhere None, and the next start clears what was left. The library is loaded here, before the
    fork, so that the hook itself only makes one call.
    """
    if not LINUX:
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def hook() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died between the fork and the call above
            os._exit(1)

    return hook


def start(
    command: Sequence[str],
    *,
    log: Path | None,
    env: Mapping[str, str],
    cwd: Path,
    on_parent_death: signal.Signals = signal.SIGTERM,
    user: int | None = None,
    group: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, its output appended to `log`, or shown if there is none.

    `user` and `group` (numbers) need root.
    """
    with log.open("ab") if log else nullcontext() as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=ends_with_parent(on_parent_death),
            user=user,
            group=group,
            extra_groups=[] if user is not None else None,
        )


def signal_group(group: int, number: signal.Signals) -> bool:
    """Send `number` to every process of the group; False if none is left."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def stop(child: subprocess.Popen[bytes], *, patience: float = 10.0, number: signal.Signals = signal.SIGTERM) -> None:
    """Ask the child to end, wait `patience` seconds, then end its whole group. Returns when it is gone."""
    if child.poll() is None:
        child.send_signal(number)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        pass
    finally:
        signal_group(child.pid, signal.SIGKILL)  # its own children too, if any outlived it
        child.wait()


def started_at(pid: int) -> float | None:
    """When the living process `pid` started (seconds since the epoch), which tells it from a later namesake."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.Error:
        return None


def wait_until_gone(pid: int, *, seconds: float) -> bool:
    """True once no process `pid` is left; False if it is still there after `seconds`."""
    deadline = time.monotonic() + seconds
    while started_at(pid) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
