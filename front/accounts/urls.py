"""Addresses of django-allauth that we use. All others do not exist."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_http_methods

only = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns: list[URLPattern] = [
    path("login/", only(account.login), name="account_login"),
    path("logout/", only(account.logout), name="account_logout"),
    path("inactive/", only(account.account_inactive), name="account_inactive"),
    path("signup/", only(account.signup), name="account_signup"),
    path("reauthenticate/", only(account.reauthenticate), name="account_reauthenticate"),
    path("login/code/", only(account.request_login_code), name="account_request_login_code"),
    path("login/code/confirm/", only(account.confirm_login_code), name="account_confirm_login_code"),
    path("password/change/", only(account.password_change), name="account_change_password"),
    path("password/reset/", only(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", only(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        only(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        only(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", only(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", only(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", only(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", only(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", only(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", only(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", only(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", only(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
]
