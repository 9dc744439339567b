"""One running sandbox, and one call to it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from .config import Config
from .errors import missing
from .levers import Levers
from .objects import ALPHABET, Json
from .store import Store
from .webhooks import Courier


def new_request_id() -> str:
    """A ``Request-Id`` in Stripe's form."""
    return "req_" + "".join(secrets.choice(ALPHABET) for _ in range(14))


@dataclass
class Sandbox:
    """The store, the levers and the courier of one running server."""

    config: Config
    store: Store
    levers: Levers
    courier: Courier

    @classmethod
    def open(cls, config: Config) -> Sandbox:
        """Open the state directory. ``Server.start`` starts the threads."""
        store, levers = Store(config.state), Levers()
        return cls(config, store, levers, Courier(store, levers, config))


@dataclass
class Call:
    """Input of a handler: checked parameters, ids from the path, request id and idempotency key."""

    sandbox: Sandbox
    params: Json = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    request_id: str | None = None
    idempotency_key: str | None = None

    @property
    def store(self) -> Store:
        """The sandbox's store, inside this call's transaction."""
        return self.sandbox.store

    @property
    def now(self) -> int:
        """Seconds since the epoch on the sandbox's clock."""
        return self.sandbox.config.now()

    def named(self, kind: str, param: str) -> Json | None:
        """The object that a parameter names; None if it is not given. Raises ApiError 400 for an unknown id."""
        object_id = self.params.get(param)
        if object_id is None:
            return None
        found = self.store.find(kind, object_id)
        if found is None:
            raise missing(kind, object_id, param, status=400)
        return found

    def target(self, kind: str, param: str = "id") -> Json:
        """The object that the path names. Raises ApiError 404 if there is none."""
        found = self.store.find(kind, self.ids[0])
        if found is None:
            raise missing(kind, self.ids[0], param)
        return found
