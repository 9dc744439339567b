"""User accounts in the plain admin, which is reached only through our own sign-in page."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group

from .models import User

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Groups are not used. Users change their own second factors and addresses, on the account pages only.
for model in (Group, Authenticator, EmailAddress):
    admin.site.unregister(model)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Adds and disables users. New staff request a link to set a password; users are never deleted."""

    list_display = ["email", "name", "role", "is_active"]
    list_filter = ["role", "is_active"]
    fields = ["email", "name", "role", "is_active", "is_staff", "is_superuser"]

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        obj.email = obj.email.strip().lower()
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: Any, obj: User | None = None) -> bool:
        return False
