"""Adapters of django-allauth: no sign-up, mail on another thread, encrypted authenticator secrets."""

from __future__ import annotations

import base64
import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils import timezone

from backend.accounts.session_limits import SIGNED_IN_AT
from scheduling.models import Practice

REAUTHENTICATION_TIMEOUT = 300  # seconds
logger = logging.getLogger(__name__)
_post = ThreadPoolExecutor(max_workers=4, thread_name_prefix="sign-in-mail")


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up. Mail is sent on another thread, so that response times do not show known addresses (F131)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """False within five minutes of signing in, for example while setting up the second factor."""
        signed_in_at = self.request.session.get(SIGNED_IN_AT, 0)
        if timezone.now().timestamp() - signed_in_at < REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        practice = Practice.objects.first()
        message = self.render_mail(template_prefix, email, context | {"practice": practice})
        _post.submit(_send, message)

    def format_email_subject(self, subject: str) -> str:
        return subject


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception:
        # The person can ask for another code. The log must not name the address.
        logger.exception("sign-in mail was not sent")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Encrypts authenticator secrets with a key derived from SECRET_KEY; shows the neutral short name in the app."""

    def encrypt(self, text: str) -> str:
        return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        practice = Practice.objects.first()
        return practice.short_name if practice else "Appointments"


@cache
def _cipher(secret_key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second-factor:{secret_key}".encode()).digest()))
