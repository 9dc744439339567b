"""Services on the public pages, read in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.money import Money
from billing.queries.quotes import FromPrice, from_prices
from scheduling.models import Service
from scheduling.queries.openings.opening import services_on_offer

Line = Service.Line
FIRST_CALL = "first call"  # Service.kind of the first call, which has its own page and is not in the lists

WORDS = {
    Line.INTENSIVE: (
        _("Intensives"),
        _("Three to five days in a row, on your own or as a couple, with a small team beside you."),
        "place",
    ),
    Line.COUNSELING: (
        _("Counseling"),
        _("Regular time with one person who knows you: on your own, as a couple or in a group."),
        "people",
    ),
    Line.COACHING: (
        _("Coaching"),
        _("Practical next steps, in an office, online or by phone."),
        "screen",
    ),
}


@dataclass(frozen=True)
class Offer:
    """One service with its lowest price; `costs` is None if it has no price online."""

    service: Service
    costs: FromPrice | None

    @property
    def price(self) -> Money | None:
        return self.costs.price if self.costs else None

    @property
    def deposit(self) -> Money | None:
        """Amount due at booking if it is less than the price, else None."""
        return self.costs.deposit if self.costs and self.costs.deposit < self.costs.price else None

    @property
    def length(self) -> str:
        return length_of(self.service)


@dataclass(frozen=True)
class Way:
    """One line of services with its offers."""

    line: str
    name: str
    words: str
    icon: str
    offers: list[Offer] = field(default_factory=list)

    @property
    def price(self) -> Money | None:
        return min((offer.price for offer in self.offers if offer.price is not None), default=None)

    @property
    def length(self) -> str:
        """Range of lengths: “3 to 5 days”, “50 to 80 minutes”."""
        return span_of([offer.service for offer in self.offers])


def ways(line: str = "", *, now: datetime) -> list[Way]:
    """Lines that have services for new clients, in the order of `WORDS`. `line`: only this one; empty for all."""
    found = services_on_offer().filter(for_new_clients=True).exclude(kind=FIRST_CALL)
    offers = offers_of(found, now=now)
    lines = []
    for key, (name, words, icon) in WORDS.items():
        of_line = [offer for offer in offers if offer.service.line == key]
        if of_line and line in ("", key):
            lines.append(Way(key, str(name), str(words), icon, sorted(of_line, key=_order)))
    return lines


def first_call() -> Service | None:
    """The service of the first call; None if the practice offers none."""
    found = Service.objects.filter(is_active=True, kind=FIRST_CALL, locations__is_active=True)
    return found.exclude(booking_mode=Service.BookingMode.INSTANT).order_by("pk").first()


def offers_of(services: Iterable[Service], *, now: datetime) -> list[Offer]:
    """Services with their lowest price and its deposit."""
    found = list(services)
    prices = from_prices(found, now=now)
    return [Offer(service, prices.get(service.pk)) for service in found]


def length_of(service: Service) -> str:
    """“4 days” or “50 minutes”."""
    if service.is_program:
        days = service.program.days
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    return str(format_lazy(_("{minutes} minutes"), minutes=service.duration_minutes))


def span_of(services: list[Service]) -> str:
    """Range from the shortest to the longest of services of one line."""
    lengths = sorted({(one.program.days if one.is_program else one.duration_minutes) or 0 for one in services})
    if len(lengths) == 1:
        return length_of(services[0])
    words = _("{low} to {high} days") if services[0].is_program else _("{low} to {high} minutes")
    return str(format_lazy(words, low=lengths[0], high=lengths[-1]))


def _order(offer: Offer) -> tuple[int, int, str]:
    party = ["individual", "couple", "group"].index(offer.service.party)
    length = offer.service.program.days if offer.service.is_program else offer.service.duration_minutes or 0
    return (party, length, offer.service.name)
