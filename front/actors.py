"""Find the actor of a request: a signed-in user, the bearer of a link, or a visitor with a secret in the session."""

import secrets
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from backend.accounts.actor import Actor
from backend.accounts.models import User, digest_of
from scheduling.models import ManageToken
from scheduling.queries.people.links import bearer_of

HOLDER, GRANTS = "holder", "participants"


def actor_of(request: HttpRequest, reference: str = "") -> Actor:
    """The bearer of a link to `reference` if this session opened one, else the signed-in user, else the visitor."""
    token_id = request.session.get(GRANTS, {}).get(reference)
    participant_id = bearer_of(token_id=token_id) if token_id is not None else None
    if participant_id is not None:
        return Actor(participant_id=participant_id, request_id=_request_id(request), address=address_of(request))
    user = getattr(request, "user", None)
    if isinstance(user, User):
        return Actor(user=user, request_id=_request_id(request), address=address_of(request))
    return visitor_of(request)


def visitor_of(request: HttpRequest) -> Actor:
    """A person who books for themselves, signed in or not, known only as the owner of this session's holds.

    Reading does not create a session. `keep_holder` does, once there is a hold to own.
    """
    secret = request.session.get(HOLDER, "")
    holder = digest_of(secret) if secret else ""
    return Actor(holder=holder, request_id=_request_id(request), address=address_of(request))


def keep_holder(request: HttpRequest) -> Actor:
    """Give the session the secret that owns holds, once. Returns the visitor."""
    if HOLDER not in request.session:
        request.session[HOLDER] = secrets.token_urlsafe(32)
    return visitor_of(request)


def grant(request: HttpRequest, token: ManageToken) -> None:
    """Store in the session which live link this browser opened. A new session id prevents fixation.

    Every page checks the link again, so revoking it closes the pages that it opened.
    """
    request.session.cycle_key()
    reference = token.participant.booking.reference
    request.session[GRANTS] = {**request.session.get(GRANTS, {}), reference: token.pk}


def address_of(request: HttpRequest) -> str:
    """Network address for limits: an IPv4 address, or the /64 network that one IPv6 subscriber has.

    Behind our own proxy it is the last entry of X-Forwarded-For, the only one that the proxy itself wrote.
    """
    raw = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        raw = request.META.get("HTTP_X_FORWARDED_FOR", raw).rsplit(",", 1)[-1].strip()
    try:
        address = ip_address(raw)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network(f"{address}/64", strict=False).network_address)
    return str(getattr(address, "ipv4_mapped", None) or address)


def _request_id(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", ""))
