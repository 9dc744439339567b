"""Strict fields and serializers: they accept exactly the documented values, without conversion."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from phonenumber_field.serializerfields import PhoneNumberField
from rest_framework import serializers

from front.forms import e164

UNKNOWN = "This field is not known."
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,60}")
REFERENCE = re.compile(r"[0-9A-Z]{8,12}")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})", re.ASCII)


class Strict(serializers.Serializer[Any]):
    """Refuses unlisted fields by name, so that a caller who sends `status` or `price_cents` notices (F72, F127)."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(str(name)[:60] for name in data if name not in self.fields)
            if unknown:
                raise serializers.ValidationError({name: [UNKNOWN] for name in unknown})
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A JSON string on one line. Numbers, booleans and control characters are refused."""

    default_error_messages = {"control": "Use plain text on one line."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        text: str = super().to_internal_value(data)
        if any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in text):
            self.fail("control")
        return text


class Email(Text, serializers.EmailField):
    """An address of at most 254 characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=254, **options)


class Phone(PhoneNumberField):
    """A phone number, national or international, converted to E.164."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if len(data) > 40:
            self.fail("invalid")
        number = super().to_internal_value(data)
        return e164(number)


class YesNo(serializers.Field[bool, Any, bool, Any]):
    """JSON `true` or `false`, and no other value."""

    default_error_messages = {"invalid": "Send true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data

    def to_representation(self, value: bool) -> bool:
        return value


extend_schema_field(OpenApiTypes.BOOL)(YesNo)


class LocalDate(serializers.DateField):
    """A local date of the location, `YYYY-MM-DD`."""

    default_error_messages = {"invalid": "Write a date like 2027-02-08.", "year": "Use a year from 2000 to 2199."}

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not DATE.fullmatch(value):
            self.fail("invalid")
        day = super().to_internal_value(value)
        # Keep away from the limits of datetime: zone offsets and a program's days are added later.
        if not 2000 <= day.year < 2200:
            self.fail("year")
        return day


class LocalDates(serializers.Field[frozenset[date], Any, str, Any]):
    """Local dates, separated by commas."""

    def to_internal_value(self, data: Any) -> frozenset[date]:
        return frozenset(LocalDate().run_validation(part) for part in str(data).split(","))


class Instant(serializers.Field[datetime, Any, str, Any]):
    """An RFC 3339 time with its offset, so that it is one instant even when clocks change (F28, F29)."""

    default_error_messages = {
        "invalid": "Write a time with its offset, like 2027-02-08T15:00:00-06:00.",
        "year": "Use a year from 2000 to 2199.",
    }

    def to_internal_value(self, data: Any) -> datetime:
        if not isinstance(data, str) or not INSTANT.fullmatch(data):
            self.fail("invalid")
        try:
            at = datetime.fromisoformat(data)
        except ValueError:
            self.fail("invalid")
        if not 2000 <= at.year < 2200:
            self.fail("year")
        return at.astimezone(UTC)


class Moves(serializers.Field[dict[date, datetime], Any, str, Any]):
    """`date/start` pairs, separated by commas: a local date, and the instant that replaces it."""

    default_error_messages = {"twice": "Move each date only once."}

    def to_internal_value(self, data: Any) -> dict[date, datetime]:
        pairs = [part.partition("/") for part in str(data).split(",")]
        found = {LocalDate().run_validation(day): Instant().run_validation(start) for day, _, start in pairs}
        if len(found) < len(pairs):
            self.fail("twice")
        return found


for _field in (LocalDates, Moves):
    extend_schema_field(OpenApiTypes.STR)(_field)


class Slug(serializers.CharField):
    """A slug, as in addresses and queries."""

    default_error_messages = {"invalid": "Use letters, digits, - and _ only."}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=60, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or not SLUG.fullmatch(data):
            self.fail("invalid")
        return data


class Reference(serializers.CharField):
    """Reference of a booking."""

    default_error_messages = {"invalid": "A reference has eight letters and digits."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or not REFERENCE.fullmatch(data):
            self.fail("invalid")
        return data
