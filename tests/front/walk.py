"""Helpers that walk through the pages without a browser. Each step posts its form."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from scheduling.models import Booking, Service
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.search import Search
from tests.factories import MONDAY, NOW, in_days

YOU = {"name": "Alex Example", "email": "alex@example.com", "phone": "214-555-0123", "comfort_note": ""}
CONTACT = {
    "ways": ["email"],
    "voicemail": "no",
    "safe_times": "",
    "address_is_shared": "no",
    "wording": "discreet",
    "calendar_invites": "no",
}
OWN = {"name": "Sam", "email": "sam@example.com", "phone": "", **CONTACT}


BLOCKS = re.compile(r" ?((?:</span> ?)*</?(?:button|dd|div|dl|dt|h[1-6]|li|ol|p|section|ul)\b[^>]*>) ?")


def words_of(page: Any) -> str:
    """The HTML of a page on one line, without the space beside blocks, as a browser shows it."""
    return BLOCKS.sub(lambda edge: edge[1].replace("> <", "><"), " ".join(page.content.decode().split()))


def opening_ids(service: Service) -> list[str]:
    """Openings of the week that starts on MONDAY, early ones first."""
    found = openings(Search(service=service, first=MONDAY, until=MONDAY + in_days(7), now=NOW))
    return [one.id for one in found.openings]


def answer_place(client: Client, service: Service) -> None:
    client.post(f"/book/s/{service.slug}/place/", {"choice": "office:frisco"})
    client.post(f"/book/s/{service.slug}/who/", {"choice": "any"})


def choose(client: Client, service: Service, opening: str = "") -> Any:
    answer_place(client, service)
    return client.post(f"/book/s/{service.slug}/when/", {"opening": opening or opening_ids(service)[0]})


def fill_in(client: Client, *, partner: dict[str, str] | None = None) -> None:
    client.post("/book/you/", YOU)
    client.post("/book/contact/", CONTACT)
    if partner:
        client.post("/book/partner/", partner)


def agree(client: Client) -> Any:
    """Agree and pay, with the price that the page showed."""
    shown = client.get("/book/check/").context["shown"]
    return client.post("/book/check/", {"accept_policy": "on", "shown": shown})


def ready(client: Client, service: Service, **fields: Any) -> Booking:
    """Book up to the last page: the time is held and all details are entered."""
    choose(client, service)
    fill_in(client, **fields)
    return Booking.objects.latest("pk")


def booked(client: Client, payments: Any, service: Service, **fields: Any) -> Booking:
    """Book to the end: pay on the provider's page and return."""
    booking = ready(client, service, **fields)
    payments.pay(agree(client)["Location"])
    client.get(f"/booking/{booking.reference}/done/")
    booking.refresh_from_db()
    return booking
