"""Clients of the demo practice: invented names, example addresses, numbers from the 555-01xx block."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, product
from string import ascii_uppercase

from scheduling.operations.clients import Person

FIRST = (
    "Alder",
    "Briar",
    "Clove",
    "Dove",
    "Ember",
    "Fern",
    "Garnet",
    "Hazel",
    "Indigo",
    "Jasper",
    "Kestrel",
    "Lark",
    "Moss",
    "Nettle",
    "Opal",
    "Pike",
    "Quince",
    "Robin",
    "Sorrel",
    "Thistle",
    "Umber",
    "Vesper",
    "Wisteria",
    "Yarrow",
)
LAST = (
    "Appleyard",
    "Birchall",
    "Coldwater",
    "Dunmore",
    "Eastwick",
    "Fallowfield",
    "Greenhalgh",
    "Hollowell",
    "Inglenook",
    "Jessamy",
    "Kettleby",
    "Longmeadow",
    "Merriweather",
    "Nightingale",
    "Oldacre",
    "Pennyfeather",
)


def invented_people() -> Iterator[Person]:
    """One new person after another, without an end: with an initial once all names are taken. Each chose mail, every
    third one texts too, every fourth calendar invites."""
    for number, (initial, last, first) in enumerate(_names()):
        yield Person(
            name=" ".join(filter(None, (first, initial, last))),
            email=".".join(filter(None, (first, initial, last))).lower() + "@mail.example",
            phone=f"+1469555{100 + number % 100:04}",
            may_email=True,
            may_text=number % 3 == 0,
            address_is_shared="no" if number % 2 else "unsure",
            calendar_invites=number % 4 == 0,
        )


def _names() -> Iterator[tuple[str, str, str]]:
    yield from product(("",), LAST, FIRST)
    for length in count(1):
        for initials in product(ascii_uppercase, repeat=length):
            yield from product(("".join(initials),), LAST, FIRST)
