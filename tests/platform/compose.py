"""Read docker-compose.yml as the engine does, with merge keys, `${NAME:-default}` and `${NAME:?words}`."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from tests.platform.places import ROOT

VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


class MissingVariable(Exception):
    """A variable that the file requires is not set."""


def load(variables: Mapping[str, str]) -> dict[str, Any]:
    """The content of the file with its variables filled in. Raises MissingVariable."""
    content: dict[str, Any] = filled(yaml.safe_load((ROOT / "docker-compose.yml").read_text()), variables)
    return content


def filled(value: Any, variables: Mapping[str, str]) -> Any:
    """Fill the variables of every text in `value`."""
    if isinstance(value, str):
        return VARIABLE.sub(lambda found: _value(found, variables), value)
    if isinstance(value, list):
        return [filled(item, variables) for item in value]
    if isinstance(value, dict):
        return {key: filled(item, variables) for key, item in value.items()}
    return value


def _value(found: re.Match[str], variables: Mapping[str, str]) -> str:
    given = variables.get(found["name"])
    if given:
        return given
    if found["kind"] == "?":
        raise MissingVariable(f"{found['name']}: {found['rest']}")
    return found["rest"] or ""
