"""The partners of a client."""

from __future__ import annotations

from backend.accounts.actor import Actor
from scheduling.models import Client, ClientLink
from scheduling.queries.people.visibility import visible_to


def partners_of(actor: Actor, client: Client) -> list[Client]:
    """Current partners of a client, as far as `actor` may see them."""
    links = ClientLink.objects.filter(kind=ClientLink.Kind.PARTNER, ended_at=None)
    ids = {*links.filter(first=client).values_list("second", flat=True)}
    ids |= {*links.filter(second=client).values_list("first", flat=True)}
    return list(visible_to(Client, actor).filter(pk__in=ids).order_by("pk"))
