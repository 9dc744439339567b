"""Permissions of API calls. A call is denied unless its view allows it (F122)."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from backend.accounts.models import User

from .authentication import Bearer


class Denied(BasePermission):
    """No caller."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


class StaffOnly(BasePermission):
    """Clinicians, desk and owner. `visible_to` limits the rows that each sees."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(getattr(request.user, "is_practice_staff", False))


class OfficeOnly(BasePermission):
    """Desk and owner, who alone see money and work items."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return getattr(request.user, "role", "") in {User.Role.DESK, User.Role.OWNER}


class PartOrUser(BasePermission):
    """The bearer of a manage token, or a signed-in user. A row that is not theirs is a 404."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, Bearer) or isinstance(request.user, User)
