"""Related rows as JSON in a column, so that one statement reads them all."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, TextField
from django.db.models.functions import Cast


def json_row(*columns: Any) -> Cast:
    """Values of `columns` (names or expressions) as the text of one JSON array. Dates are ISO text.

    An array, because repeating names in an object would cost more than the values.
    """
    return Cast(Func(*columns, function="json_build_array"), TextField())
