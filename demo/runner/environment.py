"""The environment of the child processes. They get all settings from it; none of them starts a database."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from demo.runner.layout import HOST, ROOT, Layout

EMAIL_BACKEND = "demo.messages.backend.EmailBackend"
SMS_BACKEND = "demo.messages.backend.SmsBackend"
# Limits by network address would stop a load test from one machine.
RAISED_LIMITS = (
    "LIMIT_HOLDS_PER_ADDRESS",
    "LIMIT_BOOKINGS_PER_ADDRESS",
    "LIMIT_OPENINGS_PER_ADDRESS",
    "LIMIT_LINKS_PER_ADDRESS",
    "LIMIT_FEEDS_PER_ADDRESS",
)
LIMIT = "1000000"


def children(layout: Layout, *, database_url: str, payments_port: int) -> dict[str, str]:
    """Environment of the children: ours plus the demo's settings. Limits and the broker may be set from outside."""
    secret = kept_secret(layout.var / "secret_key")
    own = {
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "DJANGO_SETTINGS_MODULE": "backend.settings",
        "DEMO": "1",
        "DATABASE_URL": database_url,
        "BASE_URL": layout.base_url,
        "ALLOWED_HOSTS": f"{HOST},localhost,[::1]",
        "SECRET_KEY": secret,
        "VAR_DIR": str(layout.var),
        "TMPDIR": str(layout.var / "tmp"),  # the broker renames files from it, so it must be on the same file system
        "EMAIL_BACKEND": EMAIL_BACKEND,
        "SMS_BACKEND": SMS_BACKEND,
        "STRIPE_API_BASE": f"http://{HOST}:{payments_port}",
        "STRIPE_SECRET_KEY": "sk_test_sandbox",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{secret[:32]}",
    }
    return defaults() | dict(os.environ) | own


def defaults() -> dict[str, str]:
    """Defaults that the caller's environment may override."""
    return dict.fromkeys(RAISED_LIMITS, LIMIT) | {"CELERY_BROKER_URL": "filesystem://", "LOG_LEVEL": "INFO"}


def kept_secret(note: Path) -> str:
    """The random secret, created at the first start and kept, so that sessions and links survive a restart."""
    try:
        return note.read_text().strip()
    except FileNotFoundError:
        secret = secrets.token_hex(32)
        with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secret)
        return secret
