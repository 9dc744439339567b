"""Configuration of one running sandbox."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stripe._api_version import _ApiVersion


@dataclass(frozen=True, kw_only=True)
class Config:
    """Addresses, secrets and the merchant's public name.

    ``public_url`` is the URL at which browsers reach the server; if empty, the address it listens on. ``clock``
    returns seconds since the epoch and sets times of creation and expiry; signatures and retries always use the
    real clock. ``retry_base`` is the pause in seconds before the second webhook attempt; it doubles each time.
    """

    state: Path
    public_url: str = ""
    webhook_url: str | None = None
    webhook_secret: str = "whsec_sandbox"
    business_name: str = "Demo Office"
    statement_prefix: str = "DEMO OFF"
    retry_base: float = 1.0
    max_attempts: int = 8
    webhook_timeout: float = 10.0
    sweep_seconds: float = 1.0
    clock: Callable[[], float] = time.time
    api_version: str = _ApiVersion.CURRENT

    def now(self) -> int:
        """Whole seconds since the epoch, as in every ``created``."""
        return int(self.clock())
