"""Find the participant behind a link."""

from __future__ import annotations

from backend.accounts.models import digest_of
from scheduling.models import ManageToken


def link_of(*, secret: str) -> ManageToken | None:
    """The live link with this secret, with its participant and booking; None for a revoked or unknown secret alike."""
    live = ManageToken.objects.filter(digest=digest_of(secret), revoked_at=None)
    return live.select_related("participant__booking", "participant__client").first()


def bearer_of(*, token_id: int) -> int | None:
    """Participant id of a link that was opened earlier in this session; None once the link is revoked."""
    live = ManageToken.objects.filter(pk=token_id, revoked_at=None)
    return live.values_list("participant_id", flat=True).first()
