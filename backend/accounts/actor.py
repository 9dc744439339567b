"""The actor of a request or task. Every operation takes `by: Actor`; every read starts at `visible_to(actor)`."""

from __future__ import annotations

from dataclasses import dataclass

from .models import User


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A signed-in user, the bearer of one participant's link, a stranger with a browser session, or the system.

    `participant_id` is set for the bearer of a manage token. `holder` is the digest of the browser session or
    API secret that owns a hold. `address` is the network address: limits use it, and it is never stored with a name.
    """

    user: User | None = None
    participant_id: int | None = None
    holder: str = ""
    request_id: str = ""
    address: str = ""
    system: str = ""

    @property
    def role(self) -> str:
        """One of client, clinician, desk, owner, participant, stranger, system."""
        if self.user is not None:
            return str(self.user.role)
        if self.participant_id is not None:
            return "participant"
        return "system" if self.system else "stranger"

    @property
    def is_staff(self) -> bool:
        return self.user is not None and self.user.is_practice_staff

    def __str__(self) -> str:
        """Opaque label for audit lines and status changes, made of ids only."""
        if self.user is not None:
            return f"user:{self.user.pk}"
        if self.participant_id is not None:
            return f"participant:{self.participant_id}"
        return f"system:{self.system}" if self.system else "stranger"


def system(name: str) -> Actor:
    """The actor of a sweep or handler, e.g. `system("expire-holds")`."""
    return Actor(system=name)
