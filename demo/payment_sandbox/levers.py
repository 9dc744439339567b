"""Settings ("levers") by which tests and the demo make the sandbox misbehave. They take and return JSON.

``GET /_sandbox/``
    The current levers. ``DELETE`` resets every lever and the counts; objects stay.

``POST /_sandbox/answers``
    ``{"lose": n}``: do the work of the next n API calls, then close the connection without an answer.
    ``{"fail": n}``: roll the work back and answer 500 (kept under the idempotency key, as Stripe does).
    ``{"delay_seconds": s}``: wait before each answer; the idempotency key stays in use meanwhile.
    ``{"match": "POST /v1/refunds"}`` limits all three to calls whose name starts with this text.

``POST /_sandbox/webhooks``
    For events created from now on. ``{"drop": n}``: never send the next n. ``{"repeat": n}``: send each n more
    times, one after another, or all at once with ``"parallel": true``. ``{"delay_seconds": s}``: wait first.
    ``{"reorder": n}``: gather the next n, then send them in reverse order. ``{"hold": true}``: send none.
    ``{"types": [...]}`` limits all of these to those event types.

``POST /_sandbox/webhooks/release``
    Stop holding, and send the held events one after another. ``{"order": ...}`` is ``as_made``, ``reversed``,
    ``random`` or a list of event ids or types.

``POST /_sandbox/events/{id}/resend``
    ``{"times": n, "parallel": bool}``: send an event again.

``GET /_sandbox/deliveries``
    Event, type, state, attempts and outcome of each delivery.

``GET /_sandbox/calls``
    Number of API calls by method and path since the start, and of replays. ``DELETE`` resets the counts.

Levers and counts are kept in memory; held events stay held in the state directory until they are released.
POST bodies must be ``application/json``, so that a form of another site cannot set a lever.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .objects import Json


@dataclass
class Answers:
    """Levers for the answers of API calls."""

    lose: int = 0
    fail: int = 0
    delay_seconds: float = 0.0
    match: str = ""


@dataclass
class Webhooks:
    """Levers for the deliveries of new events."""

    drop: int = 0
    repeat: int = 0
    parallel: bool = False
    delay_seconds: float = 0.0
    reorder: int = 0
    hold: bool = False
    types: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """First state, number of copies and delay in seconds of one event's deliveries."""

    state: str
    copies: int = 1
    parallel: bool = False
    delay: float = 0.0
    last_of_reorder: bool = False


class Levers:
    """All levers and the call counts; safe to use from many threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Reset all levers and counts."""
        with self.lock:
            self.answers, self.webhooks = Answers(), Webhooks()
            self.calls: Counter[str] = Counter()
            self.replays: Counter[str] = Counter()

    def state(self) -> Json:
        """The levers as JSON."""
        with self.lock:
            return {"answers": asdict(self.answers), "webhooks": asdict(self.webhooks)}

    def pull(self, group: str, change: Json) -> None:
        """Set fields of ``answers`` or ``webhooks``. Raises ValueError for an unknown field or a wrong type."""
        with self.lock:
            target = getattr(self, group)
            known = {item.name: getattr(target, item.name) for item in fields(target)}
            for name, value in change.items():
                setattr(target, name, _fitting(name, value, known))

    def count(self, endpoint: str, *, replayed: bool = False) -> None:
        """Count one incoming call, or one replayed answer."""
        with self.lock:
            (self.replays if replayed else self.calls)[endpoint] += 1

    def counts(self) -> Json:
        """Counts of calls and replays by ``METHOD /path``, with ids written as ``{id}``."""
        with self.lock:
            return {"calls": dict(self.calls), "replayed": dict(self.replays)}

    def forget_counts(self) -> None:
        """Reset the counts."""
        with self.lock:
            self.calls.clear()
            self.replays.clear()

    def take(self, name: str, call: str) -> bool:
        """Use up one of ``lose`` or ``fail`` if it applies to this call."""
        with self.lock:
            left = getattr(self.answers, name)
            if left < 1 or not call.startswith(self.answers.match):
                return False
            setattr(self.answers, name, left - 1)
            return True

    def pause(self, call: str) -> None:
        """Wait for ``delay_seconds`` if the lever applies to this call."""
        if self.answers.delay_seconds and call.startswith(self.answers.match):
            time.sleep(self.answers.delay_seconds)

    def plan(self, event_type: str) -> Plan:
        """Plan an event's deliveries, and use up one of ``drop`` or ``reorder`` if it applies."""
        with self.lock:
            levers = self.webhooks
            if levers.types and event_type not in levers.types:
                return Plan("pending")
            if levers.drop > 0:
                levers.drop -= 1
                return Plan("dropped")
            copies, delay = 1 + levers.repeat, levers.delay_seconds
            if levers.hold:
                return Plan("held", copies, levers.parallel)
            if levers.reorder > 0:
                levers.reorder -= 1
                return Plan("gathered", copies, levers.parallel, last_of_reorder=levers.reorder == 0)
            return Plan("pending", copies, levers.parallel, delay)


def _fitting(name: str, value: Any, known: dict[str, Any]) -> Any:
    if name not in known:
        raise ValueError(f"unknown lever: {name}; known levers: {', '.join(sorted(known))}")
    if isinstance(known[name], float) and type(value) is int:
        value = float(value)
    if type(value) is not type(known[name]):
        raise ValueError(f"{name} must be {type(known[name]).__name__}")
    return value
