"""Small parts of answers: a named thing, money, and an instant with the location's offset.

In this package a `…Shape` serializer describes an answer for OpenAPI, and a `…_json` function beside it builds it.
Plain functions build answers, not serializers, so that every field in an answer is named in a line of code here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from rest_framework import serializers

from billing.money import Money
from scheduling.models import Location

Json = dict[str, Any]


class HasSlug(Protocol):
    """A row with a slug and a name."""

    slug: str
    name: str


class NamedShape(serializers.Serializer):
    """A name with the slug that queries use."""

    slug = serializers.SlugField()
    name = serializers.CharField()


class MoneyShape(serializers.Serializer):
    """An amount in whole cents."""

    amount_cents = serializers.IntegerField()
    currency = serializers.CharField(help_text="ISO 4217, in lower case.")


def name_json(thing: HasSlug) -> Json:
    """`{slug, name}`."""
    return {"slug": thing.slug, "name": thing.name}


def money_json(money: Money | None) -> Json | None:
    """`{amount_cents, currency}`; None without a price."""
    return None if money is None else {"amount_cents": money.cents, "currency": money.currency}


def instant_json(at: datetime, location: Location) -> str:
    """RFC 3339 text with the UTC offset of `location` at that instant."""
    return at.astimezone(ZoneInfo(location.zone)).isoformat(timespec="seconds")


def instant_field(**options: Any) -> serializers.DateTimeField:
    """Serializer field that describes `instant_json`."""
    return serializers.DateTimeField(**options)
