"""Browser sessions for tests, past the second factor where one is due."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client as Browser

from backend.accounts.models import User
from backend.accounts.second_factor import SET_UP_HERE


def sign_in(browser: Browser, user: User) -> Browser:
    """Sign `user` in without the pages; staff get an authenticator and a session that has passed it."""
    browser.force_login(user)
    if user.is_practice_staff:
        give_second_factor(user)
        session = browser.session
        session[SET_UP_HERE] = True
        session.save()
    return browser


def give_second_factor(user: User) -> str:
    """Give `user` an authenticator app, if there is none. Returns its secret."""
    secret = generate_totp_secret()
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, secret)
    return secret
