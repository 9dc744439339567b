"""The one exception for problems that DRF has no class for."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import APIException


class Problem(APIException):
    """An error with a status, words for a person, and members of its own beside the registered ones (§3.2)."""

    def __init__(self, status: int, detail: str, *, code: str, wait: int = 0, **members: Any) -> None:
        super().__init__(detail, code)
        self.status_code = status
        self.wait = wait
        self.members = members
