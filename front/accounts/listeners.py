"""Write an audit line for every sign-in and every failed one (F143), without the values entered."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import login_code_rejected
from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from backend.accounts.actor import Actor
from backend.accounts.models import User
from backend.audit.models import AuditLine
from backend.audit.operations import record


def connect() -> None:
    """Connect the receivers. Called once when the app is ready."""
    user_logged_in.connect(signed_in, dispatch_uid="audit-sign-in")
    user_login_failed.connect(refused, dispatch_uid="audit-password")
    login_code_rejected.connect(refused_code, dispatch_uid="audit-code")
    authentication_failed.connect(refused_factor, dispatch_uid="audit-second-factor")


def signed_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Receiver of `user_logged_in`."""
    _line(AuditLine.Verb.SIGN_IN, user, request, "")


def refused(sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Receiver of `user_login_failed`. Names the account only if there is one."""
    address = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    _line(AuditLine.Verb.SIGN_IN_FAILED, User.objects.filter(email=address).first(), request, "password")


def refused_code(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Receiver of `login_code_rejected`."""
    _line(AuditLine.Verb.SIGN_IN_FAILED, user, request, "code")


def refused_factor(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Receiver of `authentication_failed`."""
    _line(AuditLine.Verb.SIGN_IN_FAILED, user, request, "second factor")


def _line(verb: AuditLine.Verb, user: User | None, request: HttpRequest | None, detail: str) -> None:
    actor = Actor(user=user, request_id=str(getattr(request, "request_id", "")))
    record(verb=verb, subject="user", subject_id=user.pk if user else "", detail=detail, by=actor, now=timezone.now())
