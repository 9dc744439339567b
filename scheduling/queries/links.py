"""Finding the person behind a link."""

from __future__ import annotations

from backend.accounts.models import digest_of
from scheduling.models import ManageToken


def link_of(*, secret: str) -> ManageToken | None:
    """The live link with this secret, with its participant and booking; None for any other secret, without a hint."""
    live = ManageToken.objects.filter(digest=digest_of(secret), revoked_at=None)
    return live.select_related("participant__booking", "participant__client").first()
