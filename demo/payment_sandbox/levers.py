"""Levers that tests and the demo pull under ``/_sandbox/``; JSON in, JSON out.

``GET /_sandbox/``
    The levers as they stand. ``DELETE`` puts every lever back to rest and the counts to zero; objects stay.

``POST /_sandbox/answers``
    ``{"lose": n}``: do the work of the next n API calls, then close the connection without an answer.
    ``{"fail": n}``: answer 500, the work rolled back (kept under the idempotency key, as at Stripe).
    ``{"delay_seconds": s}``: wait before each answer, its key being in use meanwhile.
    ``{"match": "POST /v1/refunds"}`` limits all three to calls that start so.

``POST /_sandbox/webhooks``
    For events made from now on. ``{"drop": n}``: never send the next n. ``{"repeat": n}``: send each n more
    times, one after another, or ``"parallel": true`` all at once. ``{"delay_seconds": s}``: wait first.
    ``{"reorder": n}``: gather the next n, then send them last first. ``{"hold": true}``: keep all back.
    ``{"types": [...]}`` limits this to those event types.

``POST /_sandbox/webhooks/release``
    Stop holding, and send what is held one after another. ``{"order": ...}`` is ``as_made``, ``reversed``,
    ``random`` or a list of event ids or types.

``POST /_sandbox/events/{id}/resend``
    ``{"times": n, "parallel": bool}``: send an event again.

``GET /_sandbox/deliveries``
    Each delivery: event, type, state, attempts, outcome.

``GET /_sandbox/calls``
    API calls counted by method and path since start, replays apart. ``DELETE`` counts from zero.

Levers and counts live in memory; what is held stays held in the state directory until released.
Posts must be ``application/json``, so that no other site's form can pull a lever.
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
    """What happens to the answers of API calls."""

    lose: int = 0
    fail: int = 0
    delay_seconds: float = 0.0
    match: str = ""


@dataclass
class Webhooks:
    """What happens to deliveries when an event is made."""

    drop: int = 0
    repeat: int = 0
    parallel: bool = False
    delay_seconds: float = 0.0
    reorder: int = 0
    hold: bool = False
    types: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """How one event's deliveries begin."""

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
        """Everything back to rest."""
        with self.lock:
            self.answers, self.webhooks = Answers(), Webhooks()
            self.calls: Counter[str] = Counter()
            self.replays: Counter[str] = Counter()

    def state(self) -> Json:
        """The levers as JSON."""
        with self.lock:
            return {"answers": asdict(self.answers), "webhooks": asdict(self.webhooks)}

    def pull(self, group: str, change: Json) -> None:
        """Set fields of ``answers`` or ``webhooks``. Raises ValueError for an unknown one or a wrong type."""
        with self.lock:
            target = getattr(self, group)
            known = {item.name: getattr(target, item.name) for item in fields(target)}
            for name, value in change.items():
                setattr(target, name, _fitting(name, value, known))

    def count(self, endpoint: str, *, replayed: bool = False) -> None:
        """Count one arriving call, or one answered from memory."""
        with self.lock:
            (self.replays if replayed else self.calls)[endpoint] += 1

    def counts(self) -> Json:
        """Calls and replays by ``METHOD /path`` with ids as ``{id}``."""
        with self.lock:
            return {"calls": dict(self.calls), "replayed": dict(self.replays)}

    def forget_counts(self) -> None:
        """Counts to zero."""
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
        """Wait as long as ``delay_seconds`` says, if it applies to this call."""
        if self.answers.delay_seconds and call.startswith(self.answers.match):
            time.sleep(self.answers.delay_seconds)

    def plan(self, event_type: str) -> Plan:
        """Decide how an event's deliveries begin, using up what is counted."""
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
        raise ValueError(f"unknown lever: {name}; there are {', '.join(sorted(known))}")
    if isinstance(known[name], float) and type(value) is int:
        value = float(value)
    if type(value) is not type(known[name]):
        raise ValueError(f"{name} must be {type(known[name]).__name__}")
    return value
