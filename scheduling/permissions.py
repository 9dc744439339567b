"""Where a role applies: the offices whose desk an actor works at, and who has a schedule."""

from __future__ import annotations

from django.db.models import QuerySet

from backend.accounts.actor import Actor
from backend.accounts.models import User
from scheduling.models import Location

DESK_ROLES = frozenset({User.Role.DESK, User.Role.OWNER})
SCHEDULE_ROLES = frozenset({User.Role.CLINICIAN, User.Role.OWNER})


def works_at_a_desk(actor: Actor) -> bool:
    """True for desk users of any office and for the owner."""
    return actor.role in DESK_ROLES


def has_a_schedule(actor: Actor) -> bool:
    """True for clinicians, and for the owner, who may see clients too."""
    return actor.role in SCHEDULE_ROLES


def desks_of(actor: Actor) -> QuerySet[Location]:
    """The active offices at whose desk `actor` works: all for the owner, their posts for a desk user (F146)."""
    offices = Location.objects.filter(is_active=True).order_by("name")
    if actor.role == User.Role.OWNER:
        return offices
    if actor.role == User.Role.DESK:
        return offices.filter(desk_posts__user=actor.user)
    return offices.none()


def is_desk_of(actor: Actor, location: Location) -> bool:
    """True if `actor` works at the desk of `location`. One query for desk users and the owner, none for others."""
    return desks_of(actor).filter(pk=location.pk).exists()
