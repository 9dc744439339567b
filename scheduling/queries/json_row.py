"""Rows that belong to another, as JSON beside it: so that one statement brings all."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Func, JSONField, Value


def json_row(*names: str, **fields: Any) -> Func:
    """An object of the columns `names` and of `fields`, name -> expression. Dates come as ISO text."""
    pairs: list[Any] = []
    for name, expression in [*((name, F(name)) for name in names), *fields.items()]:
        pairs += [Value(name), expression]
    return Func(*pairs, function="jsonb_build_object", output_field=JSONField())
