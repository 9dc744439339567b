"""Where a role holds: which offices somebody works for, and how much of a name they read."""

from __future__ import annotations

from django.db.models import QuerySet

from backend.accounts.actor import Actor
from backend.accounts.models import User
from scheduling.models import Location

DESK_ROLES = frozenset({User.Role.DESK, User.Role.OWNER})
SCHEDULE_ROLES = frozenset({User.Role.CLINICIAN, User.Role.OWNER})


def works_at_a_desk(actor: Actor) -> bool:
    """The front desk of any office, or the owner."""
    return actor.role in DESK_ROLES


def has_a_schedule(actor: Actor) -> bool:
    """Clinicians, and an owner who sees clients."""
    return actor.role in SCHEDULE_ROLES


def desks_of(actor: Actor) -> QuerySet[Location]:
    """The offices whose desk `actor` is: the owner's are all, a desk user's are their posts (F146)."""
    offices = Location.objects.filter(is_active=True).order_by("name")
    if actor.role == User.Role.OWNER:
        return offices
    if actor.role == User.Role.DESK:
        return offices.filter(desk_posts__user=actor.user)
    return offices.none()


def is_desk_of(actor: Actor, location: Location) -> bool:
    """True if `actor` books for others there; one statement for staff, none for anybody else."""
    return desks_of(actor).filter(pk=location.pk).exists()
