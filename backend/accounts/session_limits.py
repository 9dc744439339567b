"""When a signed-in session ends by itself (F144): 15 minutes idle, 12 hours in all, or another role than at sign-in.

A disabled user needs no rule here: the authentication backend no longer finds them at the next request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

IDLE_SECONDS = 15 * 60
LONGEST_SECONDS = 12 * 3600
WRITE_EVERY_SECONDS = 30  # not one session write per request
SIGNED_IN_AT, SEEN_AT, ROLE = "signed_in_at", "seen_at", "role"


def begin(sender: object, request: HttpRequest, user: Any, **kwargs: object) -> None:
    """Receiver of `user_logged_in`: note when, and as what."""
    now = timezone.now().timestamp()
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now
    request.session[ROLE] = user.role


class SessionLimits:
    """Ends sessions that are over; the request goes on as a stranger's and is asked to sign in where it must."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = timezone.now().timestamp()
        if is_over(request, now):
            logout(request)
            if request.headers.get("HX-Request"):
                return HttpResponse(headers={"HX-Refresh": "true"})
        elif now - request.session[SEEN_AT] >= WRITE_EVERY_SECONDS:
            request.session[SEEN_AT] = now
        return self.get_response(request)


def is_over(request: HttpRequest, now: float) -> bool:
    """True if the session has no beginning on record, is too old, idle for too long, or the role changed."""
    session = request.session
    return (
        now - session.get(SIGNED_IN_AT, 0) >= LONGEST_SECONDS
        or now - session.get(SEEN_AT, 0) >= IDLE_SECONDS
        or session.get(ROLE) != getattr(request.user, "role", None)
    )
