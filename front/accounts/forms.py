"""Sign-in forms: which accounts may use which method. The answer is the same for every address (F131)."""

from __future__ import annotations

from allauth.account.forms import LoginForm as BaseLoginForm
from allauth.account.forms import RequestLoginCodeForm, ResetPasswordForm
from django import forms

from backend.accounts.models import User
from front.forms import Form
from scheduling.models import Client


class LoginForm(Form, BaseLoginForm):
    """Email and password, with our field template."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Email"
        for field in self.fields.values():
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)


class CodeForm(Form, RequestLoginCodeForm):
    """Ask for a code by mail; sent to clients only."""

    _user: User | None

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if self._user is not None and not may_use_code(self._user):
            self._user = None
        return email


class PasswordResetForm(Form, ResetPasswordForm):
    """Ask for a reset link by mail; sent to staff only, who still need their second factor."""

    users: list[User]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)

    def clean_email(self) -> str:
        email: str = super().clean_email()
        self.users = [user for user in self.users if user.is_practice_staff]
        return email


def may_use_code(user: User) -> bool:
    """True for a client whose address belongs to no other person. People who share an address use their links."""
    if user.role != User.Role.CLIENT:
        return False
    owners = Client.objects.filter(email=user.email, merged_into=None).values_list("address_is_shared", flat=True)
    return len(owners) <= 1 and Client.Shared.YES not in owners


def _plain(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        field.label_suffix = ""
