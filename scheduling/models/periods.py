"""Constraints that every stored period shares.

A CHECK that comes to NULL is passed, so a condition that compares a nullable column also says that it is not null.
"""

from django.db import models
from django.db.models import Q


def period_check(name: str, field: str = "during") -> models.CheckConstraint:
    """A half-open, finite, non-empty range: `[lower, upper)` (F5). Empty or unbounded ranges slip past EXCLUDE."""
    return models.CheckConstraint(
        condition=Q(
            **{
                f"{field}__isempty": False,
                f"{field}__lower_inf": False,
                f"{field}__upper_inf": False,
                f"{field}__lower_inc": True,
                f"{field}__upper_inc": False,
            }
        ),
        name=name,
        violation_error_message="A period needs a start and a later end.",
    )


def minutes_check(name: str, start: str, end: str, last: int) -> models.CheckConstraint:
    """Minutes of a local day: start in 0..1439, end after it and at most `last` (1440 is midnight)."""
    return models.CheckConstraint(
        condition=Q(**{f"{start}__gte": 0, f"{start}__lt": 1440, f"{end}__lte": last, f"{end}__gt": models.F(start)}),
        name=name,
        violation_error_message="The end must be after the start.",
    )
