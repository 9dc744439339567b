"""Choices and details that a visitor enters while booking, kept in the server's session and never in an address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from scheduling.models import Service
from scheduling.operations.clients import Person

KEY = "journey"


OF_SERVICE = ("service", "place", "who", "start", "steps")


class Journey:
    """The visitor's answers in this session. Only `put` and `end` write to it.

    For a service other than the one it was begun with, place and person count as not answered. Details of people and
    the hold stay.
    """

    def __init__(self, request: HttpRequest, service: str = "") -> None:
        self._session = request.session
        self._data: dict[str, Any] = dict(request.session.get(KEY, {}))
        if service and self.service != service:
            self._data = {key: value for key, value in self._data.items() if key not in OF_SERVICE}

    def put(self, **values: Any) -> None:
        """Store values. A value replaces the one with the same key."""
        self._data |= values
        self._session[KEY] = self._data

    def end(self) -> None:
        """Delete all answers, once the booking has them."""
        self._session.pop(KEY, None)
        self._data = {}

    @property
    def service(self) -> str:
        return str(self._data.get("service", ""))

    @property
    def place(self) -> str:
        """Chosen place: `office:<slug>`, `office:any`, `online` or `phone`; empty until chosen."""
        return str(self._data.get("place", ""))

    @property
    def who(self) -> str:
        """Slug of the chosen clinician, or `any`; empty until chosen."""
        return str(self._data.get("who", ""))

    @property
    def opening(self) -> str:
        return str(self._data.get("opening", ""))

    @property
    def start(self) -> str:
        """Id of an opening whose start several offices have, until one office is chosen."""
        return str(self._data.get("start", ""))

    @property
    def steps(self) -> list[str]:
        return list(self._data.get("steps", []))

    @property
    def is_named(self) -> bool:
        """True if the booking's people are as they were last entered here."""
        return bool(self._data.get("named"))

    @property
    def booking_id(self) -> int | None:
        return self._data.get("booking")

    def typed(self, page: str) -> dict[str, Any]:
        """Values entered on a page: `you`, `contact` or `partner`."""
        return dict(self._data.get(page, {}))

    def people_for(self, service: Service) -> list[Person]:
        """The first person with their contact choices, then for a couple the partner, for whom nobody else chooses.

        For a service for one person, a partner who was entered earlier is left out.
        """
        you, contact, partner = self.typed("you"), self.typed("contact"), self.typed("partner")
        ways = contact.get("ways", [])
        first = Person(
            name=you.get("name", ""),
            email=you.get("email", ""),
            phone=you.get("phone", ""),
            may_email="email" in ways,
            may_text="text" in ways,
            may_call="call" in ways,
            voicemail=contact.get("voicemail") or "no",
            safe_times=contact.get("safe_times", ""),
            address_is_shared=contact.get("address_is_shared") or "unsure",
            wording=contact.get("wording") or "discreet",
            calendar_invites=contact.get("calendar_invites") == "yes",
            comfort_note=you.get("comfort_note", ""),
        )
        if service.party != Service.Party.COUPLE or not partner.get("name"):
            return [first]
        return [first, Person(name=partner["name"], email=partner.get("email", ""))]
