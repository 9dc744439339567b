"""Small parts of answers: a named thing, money, and an instant with the place's offset.

In this package a serializer describes the shape (for OpenAPI), and a `told_*` function beside it makes it. Rows are
told by plain functions and not by serializers, so that a field is in an answer only because a line here names it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from rest_framework import serializers

from billing.money import Money
from scheduling.models import Location

Told = dict[str, Any]


class HasSlug(Protocol):
    """A thing of the catalog."""

    slug: str
    name: str


class NamedShape(serializers.Serializer):
    """A thing and the short name by which queries name it."""

    slug = serializers.SlugField()
    name = serializers.CharField()


class MoneyShape(serializers.Serializer):
    """Whole cents."""

    amount_cents = serializers.IntegerField()
    currency = serializers.CharField(help_text="ISO 4217, in lower case.")


def name_json(thing: HasSlug) -> Told:
    """`{slug, name}`."""
    return {"slug": thing.slug, "name": thing.name}


def money_json(money: Money | None) -> Told | None:
    """`{amount_cents, currency}`; null where there is no price."""
    return None if money is None else {"amount_cents": money.cents, "currency": money.currency}


def instant_json(at: datetime, location: Location) -> str:
    """RFC 3339 with the offset that holds at `location` at that instant."""
    return at.astimezone(ZoneInfo(location.zone)).isoformat(timespec="seconds")


def instant_field(**options: Any) -> serializers.DateTimeField:
    """The shape of `instant_json`."""
    return serializers.DateTimeField(**options)
