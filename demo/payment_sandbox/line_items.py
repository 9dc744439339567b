"""The line items of a Checkout Session."""

from __future__ import annotations

from .errors import bad_parameter
from .money import refuse_unsupported
from .objects import Json, new_id


def line_item(item: Json, name: str) -> Json:
    """Build one listed item from ``price_data`` and ``quantity``. Raises ApiError 400."""
    refuse_unsupported(item, frozenset({"price_data", "quantity"}), name)
    _require(item, ("price_data", "quantity"), name)
    price = item["price_data"]
    refuse_unsupported(price, frozenset({"currency", "product_data", "unit_amount"}), f"{name}[price_data]")
    _require(price, ("product_data", "unit_amount"), f"{name}[price_data]")
    if price["unit_amount"] < 0 or item["quantity"] < 1:
        raise bad_parameter("Invalid non-negative integer", name, "parameter_invalid_integer")
    amount = price["unit_amount"] * item["quantity"]
    return {
        "id": new_id("item"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"].lower(),
        "description": price["product_data"]["name"],
        "price": None,
        "quantity": item["quantity"],
    }


def one_currency(items: list[Json]) -> str:
    """The currency of all items. Raises ApiError 400 if they differ."""
    currencies = {item["currency"] for item in items}
    if len(currencies) != 1:
        raise bad_parameter("All line items must have the same currency.", "line_items")
    return str(currencies.pop())


def _require(given: Json, names: tuple[str, ...], prefix: str) -> None:
    for name in names:
        if name not in given:
            full = f"{prefix}[{name}]"
            raise bad_parameter(f"Missing required param: {full}.", full, "parameter_missing")
