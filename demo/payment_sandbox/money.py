"""Stripe's rules for amounts, currencies and statement descriptors."""

from __future__ import annotations

import re

from .errors import bad_parameter
from .objects import Json

SMALLEST = {"usd": 50, "cad": 50, "eur": 50, "gbp": 30}  # cents: docs.stripe.com/currencies#minimum-and-maximum
LARGEST = 99_999_999
STATEMENT_LENGTH = 22


def check_amount(amount: int, currency: str, param: str | None = "amount") -> None:
    """Raise ApiError 400 if the currency is unknown or ``amount``, in cents, is outside Stripe's limits."""
    if currency.lower() not in SMALLEST:
        known = ", ".join(SMALLEST)
        raise bad_parameter(f"Invalid currency: {currency}. The sandbox knows these: {known}", "currency")
    smallest = SMALLEST[currency.lower()]
    if amount < smallest:
        raise bad_parameter(
            f"Amount must be at least ${smallest / 100:.2f} {currency.lower()}", param, "amount_too_small"
        )
    if amount > LARGEST:
        raise bad_parameter("Amount must be no more than $999,999.99", param, "amount_too_large")


def dollars(amount: int) -> str:
    """Format cents as dollars: ``$1,200.00``."""
    return f"${amount // 100:,}.{amount % 100:02d}"


def check_suffix(suffix: str | None, prefix: str, param: str) -> None:
    """Raise ApiError 400 for a suffix that the card networks refuse (docs.stripe.com, statement descriptors).

    Prefix, ``* `` and suffix have at most 22 characters together. The suffix needs a Latin letter and may not
    contain ``< > \\ ' " *``.
    """
    if suffix is None:
        return
    if re.search(r"[<>\\'\"*]", suffix):
        problem = "cannot contain the characters <, >, \\, ', \" or *"
    elif not re.search("[A-Za-z]", suffix):
        problem = "must contain at least one Latin letter"
    elif not suffix.isascii() or not suffix.isprintable():
        problem = "can contain printable ASCII characters only"
    elif len(f"{prefix}* {suffix}") > STATEMENT_LENGTH:
        problem = f"must be at most {STATEMENT_LENGTH} characters together with the prefix '{prefix}* '"
    else:
        return
    raise bad_parameter(f"The statement descriptor suffix {problem}.", param, "invalid_statement_descriptor")


def refuse_unsupported(params: Json, supported: frozenset[str], prefix: str = "") -> None:
    """Raise ApiError 400 for a parameter that Stripe has but the sandbox does not implement."""
    for name in params.keys() - supported - {"expand"}:
        full = f"{prefix}[{name}]" if prefix else name
        raise bad_parameter(f"The payment sandbox does not implement {full}.", full, "sandbox_unsupported")
