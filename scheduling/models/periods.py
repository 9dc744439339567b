"""Constraints that every stored period shares.

A CHECK that evaluates to NULL passes, so a condition on a nullable column must also require that it is not null.
"""

from django.db import models
from django.db.models import Q


def period_check(name: str, field: str = "during") -> models.CheckConstraint:
    """Require a finite, non-empty, half-open range `[lower, upper)`, because an exclusion constraint does not (F5)."""
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
    """Require minutes of a local day: start in 0..1439, end after it and at most `last` (1440 is midnight)."""
    return models.CheckConstraint(
        condition=Q(**{f"{start}__gte": 0, f"{start}__lt": 1440, f"{end}__lte": last, f"{end}__gt": models.F(start)}),
        name=name,
        violation_error_message="The end must be after the start.",
    )
