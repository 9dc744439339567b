"""Parse JSON bodies strictly: limited size, UTF-8, and only text that PostgreSQL and all encoders accept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from .errors import Problem

LARGEST_BYTES = 64 * 1024
NOT_JSON = "The body is not valid JSON in UTF-8."


class StrictJSONParser(BaseParser):
    """RFC 8259 without Python's extensions: no NaN, no repeated name in an object, no deep nesting.

    Always UTF-8; `charset` is ignored. NUL and unpaired surrogates are refused, because PostgreSQL and encoders do not
    accept them.
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(LARGEST_BYTES + 1)
        if len(raw) > LARGEST_BYTES:
            raise Problem(413, f"The body may have at most {LARGEST_BYTES} bytes.", code="too_large")
        try:
            read = json.loads(raw.decode(), parse_constant=_refuse_constant, object_pairs_hook=_without_repeats)
        except (ValueError, RecursionError) as error:
            raise ParseError(NOT_JSON) from error
        for text in _texts(read):
            refuse_odd_text(text)
        return read


def refuse_odd_text(text: str) -> None:
    """Raise ParseError for text with NUL or an unpaired surrogate."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ParseError("The text contains an invalid character: NUL or an unpaired surrogate.")


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name appears twice")
    return found


def _texts(read: Any) -> Iterator[str]:
    """All names and strings in a JSON value, without recursion."""
    left = [read]
    while left:
        value = left.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            left += value.keys()
            left += value.values()
        elif isinstance(value, list):
            left += value
