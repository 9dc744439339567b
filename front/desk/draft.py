"""Choices made so far while booking by phone. They are kept in the address: ids and slugs, no names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

KEYS = ("client", "partner", "service", "office", "mode", "who", "since")


@dataclass(frozen=True)
class Draft:
    """`client` and `partner` are ids; `service`, `office` and `who` (the clinician) are slugs; `since` is a date."""

    client: str = ""
    partner: str = ""
    service: str = ""
    office: str = ""
    mode: str = ""
    who: str = ""
    since: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Draft:
        """Read a query string or a posted form. Values over 60 characters are dropped."""
        given = {key: str(data.get(key, "")) for key in KEYS}
        return cls(**{key: value for key, value in given.items() if len(value) <= 60 and "\x00" not in value})

    def but(self, **changes: str) -> Draft:
        return replace(self, **changes)

    @property
    def address(self) -> str:
        """Address of the page that shows this draft."""
        return f"{reverse('desk:book')}?{self.query}"

    @property
    def query(self) -> str:
        return urlencode(self.filled)

    @property
    def filled(self) -> dict[str, str]:
        return {key: value for key, value in asdict(self).items() if value}

    @property
    def role(self) -> str:
        """The role for the next person found: client, then partner."""
        return "partner" if self.client else "client"

    def with_person(self, client_id: int) -> Draft:
        """The draft with this client in the next free role."""
        return replace(self, **{self.role: str(client_id)})
