"""Who may call: denied unless a view says otherwise (F122)."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from backend.accounts.models import User

from .authentication import Bearer


class Denied(BasePermission):
    """Nobody."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


class StaffOnly(BasePermission):
    """Clinicians, desk and owner; what they see is another matter (`visible_to`)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(getattr(request.user, "is_practice_staff", False))


class OfficeOnly(BasePermission):
    """Desk and owner: money and the list of things to look at are theirs."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return getattr(request.user, "role", "") in {User.Role.DESK, User.Role.OWNER}


class PartOrUser(BasePermission):
    """The bearer of a manage token, or anybody signed in. The row decides the rest: a foreign one is a 404."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, Bearer) or isinstance(request.user, User)
