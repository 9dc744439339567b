"""Clients of the demo practice: invented names, example addresses, numbers from the 555-01xx block."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_uppercase

from scheduling.models import Client
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
    "Quickthorn",
    "Ravenscroft",
    "Silverlake",
    "Tanglewood",
    "Underhill",
    "Wintergreen",
    "Yellowley",
    "Zephyrine",
)
STRIDE = 241  # coprime with the number of pairs, so that each pair is used once


def person(number: int) -> Person:
    """The invented person with this number. A number always gives the same name and address, used by no other number.

    All chose email; every third also chose texts, and every fourth calendar invites.
    """
    words = _name(number)
    return Person(
        name=" ".join(words),
        email=".".join(words).lower() + "@mail.example",
        phone=f"+1469555{100 + number % 100:04}",
        may_email=True,
        may_text=number % 3 == 0,
        address_is_shared="no" if number % 2 else "unsure",
        calendar_invites=number % 4 == 0,
    )


def as_known(numbers: Iterable[int]) -> list[Person]:
    """People with these numbers, by client id if they are clients already, so that none is added twice."""
    people = [person(number) for number in numbers]
    known = dict(Client.objects.filter(email__in=[one.email for one in people]).values_list("email", "pk"))
    return [Person(client_id=known[one.email]) if one.email in known else one for one in people]


def _name(number: int) -> list[str]:
    """First and last name, with an initial once all pairs are used. Neighboring numbers have different last names."""
    pairs = len(FIRST) * len(LAST)
    round_, place = divmod(number, pairs)
    last, first = divmod(place * STRIDE % pairs, len(FIRST))
    return [FIRST[first], *_initial(round_), LAST[last]]


def _initial(round_: int) -> list[str]:
    letters = ""
    while round_:
        round_, letter = divmod(round_ - 1, len(ascii_uppercase))
        letters = ascii_uppercase[letter] + letters
    return [letters] if letters else []
