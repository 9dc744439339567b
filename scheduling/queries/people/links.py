"""Finding the person behind a link."""

from __future__ import annotations

from backend.accounts.models import digest_of
from scheduling.models import ManageToken


def link_of(*, secret: str) -> ManageToken | None:
    """The live link with this secret, with its participant and booking; None for any other secret, without a hint."""
    live = ManageToken.objects.filter(digest=digest_of(secret), revoked_at=None)
    return live.select_related("participant__booking", "participant__client").first()


def bearer_of(*, token_id: int) -> int | None:
    """The participant behind a link opened earlier in a session, while that link still lives."""
    live = ManageToken.objects.filter(pk=token_id, revoked_at=None)
    return live.values_list("participant_id", flat=True).first()
