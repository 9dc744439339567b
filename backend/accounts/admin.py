"""Sign-ins in the plain admin, which lets nobody in by another door than our own sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group

from .models import User

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Groups are not used; second factors and addresses change on their own pages only, by their owners.
for model in (Group, Authenticator, EmailAddress):
    admin.site.unregister(model)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """No password is typed here: a new user asks for a link. A user is disabled, never deleted."""

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
