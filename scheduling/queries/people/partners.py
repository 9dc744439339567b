"""Whom a client comes with."""

from __future__ import annotations

from backend.accounts.actor import Actor
from scheduling.models import Client, ClientLink
from scheduling.queries.people.visibility import visible_to


def partners_of(actor: Actor, who: Client) -> list[Client]:
    """Those this person comes with, as far as `actor` may see them."""
    links = ClientLink.objects.filter(kind=ClientLink.Kind.PARTNER, ended_at=None)
    ids = {*links.filter(first=who).values_list("second", flat=True)}
    ids |= {*links.filter(second=who).values_list("first", flat=True)}
    return list(visible_to(Client, actor).filter(pk__in=ids).order_by("pk"))
