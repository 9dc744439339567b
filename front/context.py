"""What every template may read."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from scheduling.models import Practice


def practice(request: HttpRequest) -> dict[str, Any]:
    """The business, read once per page and only where a template names it."""
    return {"practice": SimpleLazyObject(_practice)}


def _practice() -> Practice | None:
    return Practice.objects.first()


def practice_or_none() -> Practice | None:
    """For error pages: the phone number if the database still answers."""
    try:
        return Practice.objects.first()
    except DatabaseError:
        return None
