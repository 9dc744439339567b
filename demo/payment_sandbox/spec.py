"""Read the parameters of each call from stripe-python's ``stripe.params`` typed dicts."""

from __future__ import annotations

import typing
from dataclasses import dataclass, field
from functools import cache
from types import UnionType
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin

import typing_extensions
from stripe._request_options import RequestOptions

OPTION_NAMES = frozenset(RequestOptions.__annotations__)
WRAPPERS = (NotRequired, Required, typing_extensions.NotRequired, typing_extensions.Required)


@dataclass(frozen=True)
class Value:
    """The types that one parameter accepts. There may be several (``created`` is an int or a range)."""

    fields: Fields | None = None
    items: Value | None = None
    free_map: bool = False
    scalars: frozenset[type] = frozenset()
    choices: frozenset[str] = frozenset()
    clearable: bool = False


@dataclass(frozen=True)
class Fields:
    """The parameters of one hash, and the names of the required ones."""

    values: dict[str, Value] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


@cache
def fields_of(params: type) -> Fields:
    """Read one typed dict of ``stripe.params`` and those nested in it, without the request options."""
    own = {name: hint for name, hint in params.__annotations__.items() if name not in OPTION_NAMES}
    holder = type(params.__name__, (), {"__annotations__": own, "__module__": params.__module__})
    hints = typing.get_type_hints(holder, include_extras=True)
    optional = {name for name, hint in hints.items() if get_origin(hint) in WRAPPERS[::2]}
    return Fields(
        values={name: _value(_unwrap(hint)) for name, hint in hints.items()},
        required=frozenset(hints.keys() - optional),
    )


def _unwrap(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) in WRAPPERS else hint


def _value(hint: Any) -> Value:
    parts: dict[str, Any] = {}
    for option in _options(hint):
        for key, found in _part(option).items():
            parts[key] = parts[key] | found if isinstance(found, frozenset) and key in parts else found
    if parts.get("choices"):
        # The library types an enumeration as "Literal[...] | str" to allow values added later.
        parts["scalars"] = parts.get("scalars", frozenset()) - {str}
    return Value(**parts)


def _options(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _part(option: Any) -> dict[str, Any]:
    origin = get_origin(option)
    if origin is Literal or origin is typing_extensions.Literal:
        words = frozenset(str(word) for word in get_args(option))
        return {"choices": words - {""}, "clearable": True} if "" in words else {"choices": words}
    if origin is list:
        return {"items": _value(get_args(option)[0])}
    if origin is dict or "UntypedStripeObject" in str(option):
        return {"free_map": True}
    if typing.is_typeddict(option) or typing_extensions.is_typeddict(option):
        return {"fields": fields_of(option)}
    return {"scalars": frozenset({option if option in (int, bool, float) else str})}
