"""Idempotency keys by the rules of docs.stripe.com/api/idempotent_requests.

The first answer under a key is kept, whatever its status, and sent again for 24 hours. The same key
with other parameters or for another endpoint is an error. A second request while the first one runs is
a conflict. A request that was refused before its work began leaves nothing under its key.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .errors import bad_parameter, key_in_use, key_reused
from .objects import Json
from .store import Store

KEPT_SECONDS = 24 * 3600
LONGEST_KEY = 255


@dataclass(frozen=True)
class Kept:
    """The first answer under a key, and the id of the request that received it."""

    status: int
    body: str
    request_id: str


class Keys:
    """The keys of the requests that run now. Their answers are in the store."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.in_use: set[str] = set()

    @contextmanager
    def hold(self, key: str | None) -> Iterator[None]:
        """Reserve a key while its request runs. Raises ApiError 409 if it is in use."""
        if key is None:
            yield
            return
        if len(key) > LONGEST_KEY:
            raise bad_parameter(f"Idempotency keys can be at most {LONGEST_KEY} characters long.", None)
        with self.lock:
            if key in self.in_use:
                raise key_in_use(key)
            self.in_use.add(key)
        try:
            yield
        finally:
            with self.lock:
                self.in_use.discard(key)


def recall(store: Store, key: str, endpoint: str, params: Json, now: int) -> Kept | None:
    """The answer kept under a key, or None. Raises ApiError 400 if it was for another endpoint or parameters."""
    store.execute("DELETE FROM answers WHERE at < ?", (now - KEPT_SECONDS,))
    found = store.rows("SELECT * FROM answers WHERE key = ?", (key,))
    if not found:
        return None
    row = found[0]
    if row["endpoint"] != endpoint:
        raise key_reused(
            "Keys for idempotent requests can only be used for the same endpoint they were first used for "
            f"('{endpoint}' vs '{row['endpoint']}'). Try using a key other than '{key}' if you meant to execute a "
            "different request."
        )
    if row["params"] != _canonical(params):
        raise key_reused(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try "
            f"using a key other than '{key}' if you meant to execute a different request."
        )
    return Kept(row["status"], row["body"], row["request_id"])


def keep(store: Store, key: str, endpoint: str, params: Json, answer: Kept, now: int) -> None:
    """Store the first answer under a key, in the transaction that did the work."""
    store.execute(
        "INSERT INTO answers (key, endpoint, params, status, body, request_id, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (key, endpoint, _canonical(params), answer.status, answer.body, answer.request_id, now),
    )


def _canonical(params: Json) -> str:
    return json.dumps(params, sort_keys=True)
