"""Requests to stop: Ctrl-C, SIGTERM, a closed terminal, or the end of the `make` that started the runner."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType


@dataclass
class Stop:
    """A flag for requests to stop, checked between steps, so that no step is interrupted."""

    reason: str = ""
    parent: int = field(default_factory=os.getppid)
    by_make: bool = field(default_factory=lambda: "MAKELEVEL" in os.environ)

    def listen(self) -> None:
        """Handle the signals, even if they were ignored, as in a shell's background job."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        self._make_listened = self.by_make and catches_interrupt(self.parent)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.reason = self.reason or signal.Signals(number).name

    def __bool__(self) -> bool:
        """True once the runner should stop."""
        if not self.reason and self.by_make:
            self.reason = self._fate_of_make()
        return bool(self.reason)

    def _fate_of_make(self) -> str:
        if os.getppid() != self.parent:
            return "make ended"
        # After `kill -INT` of make alone, make stops handling SIGINT and waits for this process without telling it.
        if self._make_listened and not catches_interrupt(self.parent):
            return "make was interrupted"
        return ""


def catches_interrupt(pid: int) -> bool:
    """True if the process has a handler for SIGINT (Linux; elsewhere False)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    caught = int(status.split("SigCgt:")[1].split()[0], 16)
    return bool(caught & 1 << (signal.SIGINT - 1))
