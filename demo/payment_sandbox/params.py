"""Decode form-encoded parameters and check them, with Stripe's error messages."""

from __future__ import annotations

import difflib
import re
from typing import Any
from urllib.parse import parse_qsl

from .errors import bad_parameter
from .spec import Fields, Value

NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
MOST_PAIRS = 1000
METADATA_KEYS, METADATA_KEY_LENGTH, METADATA_LENGTH = 50, 40, 500
Tree = dict[str, Any]


def decode(encoded: str) -> Tree:
    """Turn ``a[b][0][c]=v`` into nested dicts with text keys. List indices stay keys until ``check``."""
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=MOST_PAIRS)
    except ValueError as problem:
        raise bad_parameter(f"The request body could not be read as form data: {problem}", None) from None
    tree: Tree = {}
    for name, value in pairs:
        _put(tree, name, value)
    return tree


def _put(tree: Tree, name: str, value: str) -> None:
    match = NAME.match(name)
    if match is None:
        raise bad_parameter(f"Invalid parameter name: {name}", name, "parameter_unknown")
    path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
    for step in path[:-1]:
        tree = tree.setdefault(step or str(len(tree)), {})
        if not isinstance(tree, dict):
            raise bad_parameter("Invalid hash", name)
    tree[path[-1] or str(len(tree))] = value


def check(tree: Tree, fields: Fields, prefix: str = "") -> Tree:
    """Check one hash and convert its values.

    Raises:
        ApiError: 400 with a code such as ``parameter_unknown``, ``parameter_missing`` or
            ``parameter_invalid_integer``; nothing is kept under the idempotency key.
    """
    for name in tree:
        if name not in fields.values:
            raise _unknown(_join(prefix, name), name, fields)
    for name in sorted(fields.required - tree.keys()):
        full = _join(prefix, name)
        raise bad_parameter(f"Missing required param: {full}.", full, "parameter_missing")
    return {name: _convert(value, fields.values[name], _join(prefix, name)) for name, value in tree.items()}


def _join(prefix: str, name: str) -> str:
    return f"{prefix}[{name}]" if prefix else name


def _unknown(full: str, name: str, fields: Fields) -> Exception:
    near = difflib.get_close_matches(name, fields.values, n=1)
    hint = f". Did you mean {near[0]}?" if near else ""
    return bad_parameter(f"Received unknown parameter: {full}{hint}", full, "parameter_unknown")


def _convert(raw: Any, value: Value, name: str) -> Any:
    if isinstance(raw, dict):
        return _convert_hash(raw, value, name)
    if raw == "":
        return _convert_empty(value, name)
    if value.scalars or value.choices:
        return _convert_scalar(raw, value, name)
    raise bad_parameter("Invalid array" if value.items else "Invalid hash", name)


def _convert_hash(raw: Tree, value: Value, name: str) -> Any:
    if value.items is not None and all(key.isdigit() for key in raw):
        ordered = sorted(raw, key=int)
        return [_convert(raw[key], value.items, f"{name}[{key}]") for key in ordered]
    if value.fields is not None:
        return check(raw, value.fields, name)
    if value.free_map:
        return _flat(raw, name)
    raise bad_parameter(f"Invalid {'array' if value.items else 'string'}: {raw}", name)


def _flat(raw: Tree, name: str) -> Tree:
    """Check metadata: up to 50 pairs of text, keys up to 40 and values up to 500 characters."""
    if len(raw) > METADATA_KEYS:
        raise bad_parameter(f"You can only have up to {METADATA_KEYS} metadata keys.", name)
    for key, text in raw.items():
        if not isinstance(text, str):
            raise bad_parameter(f"Metadata values must be strings, but for key {key} you passed a hash", name)
        if len(key) > METADATA_KEY_LENGTH or len(text) > METADATA_LENGTH:
            raise bad_parameter(
                f"Metadata keys can have up to {METADATA_KEY_LENGTH} characters and values up to "
                f"{METADATA_LENGTH} characters. You passed {key} with {len(text)} characters.",
                _join(name, key),
            )
    return raw


def _convert_empty(value: Value, name: str) -> Any:
    if value.clearable or value.free_map or value.items is not None:
        return None
    raise bad_parameter(
        f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; "
        f"however '{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty "
        "value.",
        name,
        "parameter_invalid_empty",
    )


def _convert_scalar(raw: str, value: Value, name: str) -> Any:
    if bool in value.scalars and raw in ("true", "false"):
        return raw == "true"
    if int in value.scalars and re.fullmatch(r"-?\d{1,15}", raw):
        return int(raw)
    if str in value.scalars or raw in value.choices:
        return raw
    if float in value.scalars and re.fullmatch(r"-?\d+(\.\d+)?", raw):
        return float(raw)
    raise _misfit(raw, value, name)


def _misfit(raw: str, value: Value, name: str) -> Exception:
    if value.choices:
        allowed = ", ".join(sorted(value.choices))
        return bad_parameter(f"Invalid {name}: must be one of {allowed}", name)
    if int in value.scalars:
        return bad_parameter(f"Invalid integer: {raw}", name, "parameter_invalid_integer")
    return bad_parameter(f"Invalid boolean: {raw}", name)
