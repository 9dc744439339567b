"""Find a client at the desk: in the desk's own offices by part of a name, elsewhere only by two exact identifiers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower

from backend.accounts.actor import Actor
from scheduling.models import Attendance, Client
from scheduling.queries.people.visibility import visible_to

SHORTEST, MOST = 2, 20
_INITIALS = re.compile(r"^\s*([^\W\d_])\.?\s?([^\W\d_])\.?\s*$")


class TooLittle(Exception):
    """The search has too few characters or identifiers; `str()` says what to add."""


@dataclass(frozen=True, kw_only=True)
class Identifiers:
    """Details that a caller can give to be identified. Empty fields do not count."""

    email: str = ""
    phone: str = ""
    born_on: date | None = None
    legal_name: str = ""

    @property
    def given(self) -> dict[str, object]:
        """Filter arguments for the fields that are not empty."""
        lookups = {
            "email": self.email.strip().lower(),
            "phone": self.phone,
            "born_on": self.born_on,
            "legal_name__iexact": self.legal_name.strip(),
        }
        return {name: value for name, value in lookups.items() if value}


@dataclass(frozen=True)
class Found:
    """At most 20 clients, each with `next_visit` (a range of instants, or None); `more`: others match too."""

    clients: list[Client] = field(default_factory=list)
    more: bool = False


def search(*, actor: Actor, words: str, now: datetime) -> Found:
    """Clients visible to `actor` by name, initials, email, last four or more digits of the phone, or a reference.

    Takes at most two statements. Raises TooLittle for fewer than two characters.
    """
    words = " ".join(words.replace("\x00", "").split())
    if len(words) < SHORTEST:
        raise TooLittle("Type at least two characters.")
    seen = visible_to(Client, actor).filter(merged_into=None)
    matched = seen.filter(pk__in=seen.filter(_matching(words)).values("pk"))
    clients = list(_with_next_visit(matched, now).order_by(Lower("name_to_use"), "pk")[: MOST + 1])
    return Found(clients[:MOST], len(clients) > MOST)


def _matching(words: str) -> Q:
    rule = Q(name_to_use__icontains=words) | Q(legal_name__icontains=words) | Q(email__istartswith=words.lower())
    rule |= Q(participations__booking__reference__iexact=words)
    initials = _INITIALS.match(words)
    if initials:
        rule |= Q(name_to_use__iregex=rf"^{initials[1]}\S*\s+{initials[2]}")
    digits = re.sub(r"\D", "", words)
    if len(digits) >= 4:
        rule |= Q(phone__endswith=digits)
    return rule


def search_everywhere(*, by: Identifiers, now: datetime) -> list[Client]:
    """Up to 5 clients of any office who match all identifiers given, at least two. Raises TooLittle.

    The caller records the search, because it reads beyond the offices of the actor (F146).
    """
    if len(by.given) < 2:
        raise TooLittle("Ask for two of these: email, phone, date of birth, legal name.")
    return list(_with_next_visit(Client.objects.filter(merged_into=None, **by.given), now)[:5])


def _with_next_visit(clients: QuerySet[Client], now: datetime) -> QuerySet[Client]:
    coming = Attendance.objects.filter(
        participant__client=OuterRef("pk"),
        status=Attendance.Status.BOOKED,
        appointment__status="planned",
        appointment__during__startswith__gte=now,
    ).order_by("appointment__during")
    return clients.annotate(next_visit=Subquery(coming.values("appointment__during")[:1]))
