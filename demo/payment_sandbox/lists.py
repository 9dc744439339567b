"""Stripe's lists: newest first, paged by cursor, filtered by field and by time of creation."""

from __future__ import annotations

from typing import Any

from .errors import bad_parameter, missing
from .objects import Json
from .store import Store

COMPARE = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
FIELDS = frozenset({"customer", "payment_intent", "charge", "status", "type"})


def page(store: Store, kind: str, url: str, params: Json, **equal: Any) -> Json:
    """One page of objects of a kind, as a Stripe list object. ``equal`` names further fields to match.

    Raises:
        ApiError: 400 for a limit outside 1 to 100 or a cursor that names no object.
    """
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        word = "greater than or equal to 1" if limit < 1 else "less than or equal to 100"
        raise bad_parameter(f"Invalid integer: {limit} must be {word}", "limit", "parameter_invalid_integer")
    where, values = _conditions(params, equal)
    backwards = _cursor(store, kind, params, where, values)
    order = "ASC" if backwards else "DESC"
    found = store.select(kind, where, values, f"ORDER BY seq {order} LIMIT {limit + 1}")
    data = found[:limit][::-1] if backwards else found[:limit]
    return {"object": "list", "data": data, "has_more": len(found) > limit, "url": url}


def _conditions(params: Json, equal: Json) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    values: list[Any] = []
    for name, value in ({n: v for n, v in params.items() if n in FIELDS} | equal).items():
        options = value if isinstance(value, list) else [value]
        where.append(f"json_extract(body, '$.{name}') IN ({', '.join('?' * len(options))})")
        values += options
    created = params.get("created", {})
    for word, bound in created.items() if isinstance(created, dict) else [("=", created)]:
        where.append(f"created {COMPARE.get(word, '=')} ?")
        values.append(bound)
    return where, values


def _cursor(store: Store, kind: str, params: Json, where: list[str], values: list[Any]) -> bool:
    for name, sign in (("starting_after", "<"), ("ending_before", ">")):
        if name in params:
            seq = store.seq(params[name])
            if seq is None:
                raise missing(kind, params[name], name, status=400)
            where.append(f"seq {sign} ?")
            values.append(seq)
    return "ending_before" in params
