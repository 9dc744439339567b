"""The summary list of a booking: terms, values and links to change them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from front.contact import contact_lines
from front.journey import Journey

from .held import Held


@dataclass(frozen=True)
class Fact:
    """One line of the summary list. `change`: address of the page. `what`: rest of the Change link's hidden words."""

    term: str
    lines: list[str] = field(default_factory=list)
    change: str = ""
    what: str = ""


def facts_of(journey: Journey, held: Held) -> list[Fact]:
    """Summary of what is booked, and for whom."""
    slug = held.booking.service.slug
    you, *others = journey.people_for(held.booking.service)
    facts = [
        Fact(_("What"), [held.booking.service.name], reverse("public:services"), _("what you book")),
        Fact(_("When"), held.lines, reverse("public:when", args=[slug]), _("the time")),
        Fact(_("Where"), held.where, reverse("public:place", args=[slug]), _("the place")),
        Fact(_("With"), [held.people]),
        Fact(_("You"), [you.name, you.email, national(you.phone)], reverse("public:you"), _("your details")),
        Fact(_("How we contact you"), contact_lines(you), reverse("public:contact"), _("how we contact you")),
    ]
    for other in others:
        lines = [other.name, other.email or _("You pass on the link yourself.")]
        facts.append(Fact(_("Your partner"), lines, reverse("public:partner"), _("your partner")))
    return [Fact(one.term, [line for line in one.lines if line], one.change, one.what) for one in facts]


def national(phone: str) -> str:
    """Phone number in US form: “(214) 555-0123”; empty for none."""
    return str(PhoneNumber.from_string(phone).as_national) if phone else ""
