"""Compare an answer with Stripe's published fixture and stripe-python's own types."""

from typing import Any, get_args, get_origin

from demo.payment_sandbox.objects import CLASSES, FIXTURES, ON_REQUEST

SCALARS = (bool, int, str, float)


def differences(kind: str, answer: dict) -> list[str]:
    """Descriptions of wrong keys and JSON types in an answer; empty if there are none."""
    expected = {key: value for key, value in FIXTURES[kind].items() if key not in ON_REQUEST.get(kind, ())}
    found = [f"missing {key}" for key in expected.keys() - answer.keys()]
    found += [f"extra {key}" for key in answer.keys() - FIXTURES[kind].keys()]
    return found + _hash(kind, answer, expected, CLASSES[kind])


def _hash(path: str, answer: dict, fixture: dict, cls: type | None) -> list[str]:
    hints = getattr(cls, "__annotations__", {})
    found = []
    for key, value in answer.items():
        here = f"{path}.{key}"
        if hints and key not in hints:
            found.append(f"{here} is unknown to stripe-python")
        elif value is None:
            if fixture.get(key) is not None and not _nullable(hints.get(key)):
                found.append(f"{here} may not be null")
        else:
            found += _value(here, value, fixture.get(key), hints.get(key), getattr(cls, _camel(key), None))
    return found


def _value(path: str, value: Any, example: Any, hint: Any, cls: Any) -> list[str]:
    kinds = _kinds(hint) if hint is not None else ({type(example)} if example is not None else None)
    if kinds and type(value) not in kinds:
        return [f"{path} is {type(value).__name__}, not {kinds}"]
    if example is not None and type(value) is not type(example) and not (hint and len(_kinds(hint)) > 1):
        return [f"{path} is {type(value).__name__}, in the fixture {type(example).__name__}"]
    if not isinstance(value, dict) or path.endswith(".metadata"):
        return []
    missing = example.keys() - value.keys() if isinstance(example, dict) else ()
    nested = cls if isinstance(cls, type) else None
    return [f"{path} lacks {key}" for key in missing] + _hash(path, value, example or {}, nested)


def _kinds(hint: Any) -> set[type]:
    if hint in SCALARS:
        return {hint}
    if get_origin(hint) is list:
        return {list}
    parts = [part for part in get_args(hint) if part is not type(None)]
    if "Literal" in str(get_origin(hint)):
        return {str}
    if parts and "Union" in str(get_origin(hint)):
        return set().union(*(_kinds(part) for part in parts))
    return {dict}


def _nullable(hint: Any) -> bool:
    return hint is None or type(None) in get_args(hint)


def _camel(key: str) -> str:
    return "".join(word.capitalize() for word in key.split("_"))
