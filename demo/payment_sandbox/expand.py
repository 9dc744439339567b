"""``expand[]``: replace an id by its object (docs.stripe.com/api/expanding_objects)."""

from __future__ import annotations

from typing import Any

from .errors import bad_parameter
from .lists import page
from .objects import Json, kind_of
from .store import Store

DEEPEST = 4


def expand(store: Store, answer: Json, paths: list[str]) -> Json:
    """Expand each dotted path in place.

    Raises:
        ApiError: 400 for a field that is neither an id nor a sub-list, or a path deeper than four.
    """
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST:
            raise bad_parameter(f"You cannot expand more than {DEEPEST} levels of a property.", "expand")
        _expand(store, answer, steps, path)
    return answer


def _expand(store: Store, target: Any, steps: list[str], path: str) -> None:
    if not steps or target is None:
        return
    if isinstance(target, list):
        for item in target:
            _expand(store, item, steps, path)
        return
    name, rest = steps[0], steps[1:]
    if (target.get("object"), name) in INCLUDED:
        target[name] = INCLUDED[target["object"], name](store, target)
    if name not in target:
        raise bad_parameter(f"This property cannot be expanded ({path}).", "expand[]")
    if isinstance(target[name], str):
        kind = kind_of(target[name])
        found = store.find(kind, target[name]) if kind else None
        if found is None:
            raise bad_parameter(f"This property cannot be expanded ({path}).", "expand[]")
        target[name] = found
    elif isinstance(target[name], int):
        raise bad_parameter(f"This property cannot be expanded ({path}).", "expand[]")
    _expand(store, target[name], rest, path)


def _refunds(store: Store, charge: Json) -> Json:
    return page(store, "refund", f"/v1/charges/{charge['id']}/refunds", {}, charge=charge["id"])


def _line_items(store: Store, session: Json) -> Json:
    items = store.private(session["id"])["line_items"]
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return {"object": "list", "data": items, "has_more": False, "url": url}


INCLUDED = {("charge", "refunds"): _refunds, ("checkout.session", "line_items"): _line_items}
