"""The exception for problems without a class in Django REST Framework."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import APIException


class Problem(APIException):
    """An error with a status, words for a person, and further members (RFC 9457 §3.2). `wait`: seconds."""

    def __init__(self, status: int, detail: str, *, code: str, wait: int = 0, **members: Any) -> None:
        super().__init__(detail, code)
        self.status_code = status
        self.wait = wait
        self.members = members
