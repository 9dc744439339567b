"""Require a second factor in every staff session. API tokens are not sessions and are exempt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import redirect

from .models import User

SET_UP_HERE = "second_factor_set_up"
WHILE_SETTING_UP = frozenset({"mfa_activate_totp", "account_logout", "account_reauthenticate"})


def remember_set_up(sender: object, request: HttpRequest, **kwargs: object) -> None:
    """Receive `authenticator_added`: setting up a factor proves it, so this session need not prove it again."""
    request.session[SET_UP_HERE] = True


class SecondFactor:
    """Redirect staff who have no second factor to its setup, and refuse all other pages until it is done.

    A session whose user has a factor but did not prove it (it did not come through our sign-in) is ended.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or not user.is_practice_staff:
            return None
        if not Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
            return _send_to_set_up(request)
        if not has_passed(request, user):
            logout(request)
            return redirect("account_login")
        return None


def has_passed(request: HttpRequest, user: User) -> bool:
    """True if this session proved a second factor, at sign-in or by setting one up."""
    if request.session.get(SET_UP_HERE):
        return True
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def _send_to_set_up(request: HttpRequest) -> HttpResponse | None:
    match = request.resolver_match
    if match is not None and match.view_name in WHILE_SETTING_UP:
        return None
    words = "Set up two-step sign-in first."
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": words}
        return JsonResponse(problem, status=403, content_type="application/problem+json")
    if request.method not in ("GET", "HEAD"):
        return HttpResponseForbidden(words)
    return redirect("mfa_activate_totp")
