"""Credentials of API callers: `Authorization: Token …` for staff, `Authorization: Bearer …` for one person's part."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from backend.accounts.models import ApiToken, User, digest_of
from front.actors import address_of
from front.limits import count
from scheduling.models import ManageToken
from scheduling.queries.people.links import link_of


class ApiTokenAuthentication(BaseAuthentication):
    """An API token of a user. The caller acts as that user."""

    keyword = "Token"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        secret = secret_of(request, self.keyword)
        if secret is None:
            return None
        token = ApiToken.objects.select_related("user").filter(digest=digest_of(secret), revoked_at=None).first()
        if token is None or not token.user.is_active:
            _count_failure(request)
            raise AuthenticationFailed("This token is unknown or was revoked.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


@dataclass(frozen=True)
class Bearer:
    """The participant to whom a manage token belongs."""

    participant_id: int


class ManageTokenAuthentication(BaseAuthentication):
    """A manage token: one person in one booking.

    An introduction is refused, because the partner who passed it on may have it too.
    """

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Bearer] | None:
        secret = secret_of(request, self.keyword)
        if secret is None:
            return None
        link = link_of(secret=secret)
        if link is None or link.purpose != ManageToken.Purpose.MANAGE:
            _count_failure(request)
            raise AuthenticationFailed("This link is unknown or has expired.")
        return AnonymousUser(), Bearer(link.participant_id)

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


def secret_of(request: Request, keyword: str) -> str | None:
    """The secret after `keyword` in the Authorization header; None for another scheme. Raises AuthenticationFailed."""
    parts = get_authorization_header(request).split()
    if not parts or parts[0].lower() != keyword.lower().encode():
        return None
    if len(parts) != 2:
        raise AuthenticationFailed(f"Send “Authorization: {keyword}” and one token.")
    return parts[1].decode("latin-1")


def _count_failure(request: Request) -> None:
    """Count a failed try by network address. Calls with a valid token are not counted (F140)."""
    count("links_per_address", address_of(request._request), now=timezone.now())
