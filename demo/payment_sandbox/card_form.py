"""Read and validate the posted card form, before any charge is tried."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from . import cards
from .objects import Json

FIELDS = ("number", "exp", "cvc", "name", "postal_code")
LONGEST = 120


@dataclass(frozen=True)
class CardForm:
    """The five fields of the form, trimmed."""

    number: str = ""
    exp: str = ""
    cvc: str = ""
    name: str = ""
    postal_code: str = ""

    @classmethod
    def read(cls, body: bytes) -> CardForm:
        """Read a posted form. Missing fields are empty; long values are cut to ``LONGEST`` characters."""
        given = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50)
        return cls(**{name: given.get(name, [""])[0].strip()[:LONGEST] for name in FIELDS})

    @property
    def typed(self) -> Json:
        """Fields to show again after a refusal: all except the security code."""
        return {name: getattr(self, name) for name in FIELDS if name != "cvc"}

    @property
    def digits(self) -> str:
        """The number without the spaces and dashes people type."""
        return re.sub(r"[\s-]", "", self.number)

    @property
    def year_month(self) -> tuple[int, int]:
        """The expiry as (year, month). Only valid for a form without problems."""
        parsed = cards.parse_expiry(self.exp)
        assert parsed is not None
        return parsed

    def problems(self, now: int) -> dict[str, str]:
        """Error messages by field; empty if the form is valid. ``now`` is in seconds since the epoch."""
        found = {
            "number": self._number_problem(),
            "exp": self._expiry_problem(now),
            "cvc": self._cvc_problem(),
            "name": "" if self.name else "Enter the name on the card.",
            "postal_code": "" if self.postal_code else "Enter the ZIP code of the card's billing address.",
        }
        return {name: words for name, words in found.items() if words}

    def _number_problem(self) -> str:
        if not self.digits:
            return "Enter the card number."
        if not re.fullmatch(r"[0-9]{12,19}", self.digits) or not cards.luhn(self.digits):
            return "This card number is not right. Check it against the card."
        return ""

    def _expiry_problem(self, now: int) -> str:
        parsed = cards.parse_expiry(self.exp)
        if parsed is None:
            return "Enter the expiration date as MM / YY."
        return "This expiration date is in the past." if cards.expired(parsed, now) else ""

    def _cvc_problem(self) -> str:
        length = 4 if cards.behavior(self.digits).brand == "amex" else 3
        if not re.fullmatch(rf"[0-9]{{{length}}}", self.cvc):
            return f"Enter the security code, {length} digits on the card."
        return ""
