"""Who may call: denied unless a view says otherwise (F122)."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class Denied(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return False


class StaffOnly(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(getattr(request.user, "is_practice_staff", False))
