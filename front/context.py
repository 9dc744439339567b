"""Template context that every page has."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from scheduling.models import Practice


def practice(request: HttpRequest) -> dict[str, Any]:
    """The practice, read once per page and only if a template uses it."""
    return {"practice": SimpleLazyObject(_practice)}


def _practice() -> Practice | None:
    return Practice.objects.first()


def practice_or_none() -> Practice | None:
    """The practice for error pages; None if the database does not answer."""
    try:
        return Practice.objects.first()
    except DatabaseError:
        return None
