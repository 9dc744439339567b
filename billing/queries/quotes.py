"""Quote an opening: its price, what is due now, and the policy in sentences. Booking freezes the quote.

A series, or a seat in all meetings of a group, costs the price of one start times the number of starts. A standing
appointment has no number of starts: one occurrence is quoted, and nothing is due at booking.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from billing.models import ClientRate, Policy
from billing.money import Money
from billing.policies import Due, DueRule, Tier, due, policy_lines
from scheduling.availability.timegrid.walltime import local_date
from scheduling.models import Client, Practice, Service
from scheduling.queries.openings.opening import Opening

from .tariff import Tariff, rate_of, rule_of, tariff_of, tiers_of

FAR_AHEAD = timedelta(days=3650)


class NotPriced(Exception):
    """The service has no price in force today."""


@dataclass(frozen=True, kw_only=True)
class Quote:
    """The terms that booking now would freeze: for one occurrence of a standing appointment, else for all starts.

    `later_on`: local date of the location; None means after the visit.
    """

    price: Money
    due_now: Money
    later: Money
    later_on: date | None
    policy_lines: list[str]
    statement_name: str
    tiers: Sequence[Tier] = ()
    policy: Policy | None = None
    rate: ClientRate | None = None


def quote(opening: Opening, *, client: Client | None = None, now: datetime) -> Quote:
    """Quote one opening, at the client's agreed rate if there is one. Raises NotPriced.

    Includes the practice's name on the card statement.
    """
    return replace(price_quote(opening, client=client, now=now), statement_name=_statement_name())


def price_quote(opening: Opening, *, client: Client | None = None, now: datetime) -> Quote:
    """Quote one opening without the name on the card statement, which is not part of the terms. Raises NotPriced."""
    day = local_date(now, opening.location.tzinfo)
    rate = rate_of(client.pk, opening.service.pk, day) if client is not None else None
    quoted = _quote(opening, tariff_of([opening.service.pk]), rate=rate, statement="", now=now)
    if quoted is None:
        raise NotPriced("This has no price yet. Call us and we will help.")
    return quoted


def quotes(openings: Sequence[Opening], *, now: datetime) -> dict[str, Quote]:
    """Quotes by opening id, in four statements for any number. Openings without a price are left out."""
    tariff = tariff_of({opening.service.pk for opening in openings})
    statement = _statement_name()
    quoted = ((opening.id, _quote(opening, tariff, rate=None, statement=statement, now=now)) for opening in openings)
    return {opening_id: found for opening_id, found in quoted if found is not None}


def _quote(opening: Opening, tariff: Tariff, *, rate: ClientRate | None, statement: str, now: datetime) -> Quote | None:
    """Quote one opening; None without a price. The level of the first clinician, the lead, decides the price."""
    zone = opening.location.tzinfo
    today = local_date(now, zone)
    level = opening.clinicians[0].level if opening.clinicians else ""
    cents = rate.amount_cents if rate is not None else tariff.price_cents(opening.service.pk, level, today)
    if cents is None:
        return None
    price, policy = Money(cents * _charged_starts(opening)), tariff.policy(opening.service.pk, today)
    first_day, standing = local_date(opening.starts_at, zone), opening.every_n_weeks > 0
    parts = _due(price, rule_of(policy), standing=standing, first_day=first_day, today=today)
    tiers = tiers_of(policy)
    return Quote(
        price=price,
        due_now=parts.now,
        later=parts.later,
        later_on=parts.later_on,
        policy_lines=policy_lines(price, tiers, starts_at=opening.starts_at, zone=zone, now=now),
        statement_name=statement,
        tiers=tiers,
        policy=policy,
        rate=rate,
    )


def _charged_starts(opening: Opening) -> int:
    """Number of starts that the price covers: one for a standing appointment."""
    return 1 if opening.every_n_weeks else len(opening.starts)


def _due(price: Money, rule: DueRule, *, standing: bool, first_day: date, today: date) -> Due:
    if standing:
        return Due(Money(0, price.currency), price, None)
    return due(price, rule, first_day=first_day, today=today)


def _statement_name() -> str:
    """Suffix on the card statement, which follows the prefix that the provider keeps for the practice."""
    return Practice.objects.values_list("statement_suffix", flat=True).first() or ""


@dataclass(frozen=True)
class FromPrice:
    """Price of an opening, or lowest price of a service, and the part of it that is due at booking."""

    price: Money
    deposit: Money


def costs(openings: Iterable[Opening], *, now: datetime) -> dict[str, FromPrice]:
    """Price and deposit by opening id, for long lists: without policy sentences, each price of a day computed once.

    Takes three statements for any number. Openings without a price are left out.
    """
    listed = list(openings)
    tariff = tariff_of({opening.service.pk for opening in listed})
    cached_cost = functools.cache(functools.partial(_cost, tariff))
    by_id = {}
    for opening in listed:
        zone = opening.location.tzinfo
        level = opening.clinicians[0].level if opening.clinicians else ""
        days = local_date(opening.starts_at, zone), local_date(now, zone)
        found = cached_cost(opening.service.pk, level, *days, _charged_starts(opening), opening.every_n_weeks > 0)
        if found is not None:
            by_id[opening.id] = found
    return by_id


def _cost(
    tariff: Tariff, service_id: int, level: str, first_day: date, today: date, starts: int, standing: bool
) -> FromPrice | None:
    cents = tariff.price_cents(service_id, level, today)
    if cents is None:
        return None
    price, rule = Money(cents * starts), rule_of(tariff.policy(service_id, today))
    return FromPrice(price, _due(price, rule, standing=standing, first_day=first_day, today=today).now)


def from_prices(services: Iterable[Service], *, now: datetime) -> dict[int, FromPrice]:
    """Lowest price and its deposit by service id, in three statements. Services without a price are left out."""
    ids = [service.pk for service in services]
    tariff, day = tariff_of(ids), now.date()
    by_service = {}
    for pk in ids:
        cents = tariff.least_cents(pk, day)
        if cents is not None:
            parts = due(Money(cents), rule_of(tariff.policy(pk, day)), first_day=day + FAR_AHEAD, today=day)
            by_service[pk] = FromPrice(Money(cents), parts.now)
    return by_service


def from_price(service: Service, *, now: datetime | None = None) -> Money | None:
    """Lowest price of a service; None if it has none."""
    found = from_prices([service], now=now or timezone.now()).get(service.pk)
    return found.price if found else None


def deposit_of(service: Service, *, now: datetime | None = None) -> Money | None:
    """The part of the lowest price that is due when booking well ahead; None if there is no price."""
    found = from_prices([service], now=now or timezone.now()).get(service.pk)
    return found.deposit if found else None
