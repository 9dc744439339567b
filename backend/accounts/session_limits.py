"""End a signed-in session after 15 minutes idle, after 12 hours, or when the user's role has changed (F144).

A disabled user needs no rule here: the authentication backend does not return them at the next request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

IDLE_SECONDS = 15 * 60
LONGEST_SECONDS = 12 * 3600
WRITE_EVERY_SECONDS = 30  # avoids a session write on every request
SIGNED_IN_AT, SEEN_AT, ROLE = "signed_in_at", "seen_at", "role"


def begin(sender: object, request: HttpRequest, user: Any, **kwargs: object) -> None:
    """Receive `user_logged_in`: store the time of sign-in and the user's role in the session."""
    now = timezone.now().timestamp()
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now
    request.session[ROLE] = user.role


class SessionLimits:
    """End expired sessions. The request continues as anonymous; pages that need a user ask for sign-in."""

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
    """True if the session has no recorded start, is too old, was idle for too long, or the user's role changed."""
    session = request.session
    return (
        now - session.get(SIGNED_IN_AT, 0) >= LONGEST_SECONDS
        or now - session.get(SEEN_AT, 0) >= IDLE_SECONDS
        or session.get(ROLE) != getattr(request.user, "role", None)
    )
