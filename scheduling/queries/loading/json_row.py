"""Rows that belong to another, as JSON beside it: so that one statement brings all."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, TextField
from django.db.models.functions import Cast


def json_row(*columns: Any) -> Cast:
    """The values of `columns` (names or expressions) as the text of one JSON array. Dates come as ISO text.

    An array and not an object: of many rows the names would cost more than the values.
    """
    return Cast(Func(*columns, function="json_build_array"), TextField())
