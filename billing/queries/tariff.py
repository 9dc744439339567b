"""Prices and policies in force on a day, loaded for many services with three statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from billing.models import ClientRate, Policy, Price
from billing.policies import DueRule, Tier

ALL_NOW = DueRule("all")  # where no policy was written down


@dataclass(frozen=True)
class Tariff:
    """Every price and policy of some services; which one counts depends on the day."""

    prices: dict[int, list[Price]]
    policies: dict[int, list[Policy]]

    def price_cents(self, service_id: int, level: str, day: date) -> int | None:
        """The price of a level on a day, else that for any level."""
        found = {price.level: price.amount_cents for price in self.prices[service_id] if _holds(price, day)}
        return found.get(level, found.get(""))

    def least_cents(self, service_id: int, day: date) -> int | None:
        """The lowest price of any level: what “from” means."""
        return min((price.amount_cents for price in self.prices[service_id] if _holds(price, day)), default=None)

    def policy(self, service_id: int, day: date) -> Policy | None:
        """The latest version whose first day has come."""
        begun = (policy for policy in self.policies[service_id] if policy.valid_from <= day)
        return max(begun, key=lambda policy: policy.version, default=None)


def _holds(row: Price | ClientRate, day: date) -> bool:
    return row.valid_from <= day and (row.valid_until is None or day < row.valid_until)


def tariff_of(service_ids: Iterable[int]) -> Tariff:
    """Load the tariff of some services: three statements, however many there are."""
    wanted = set(service_ids)
    prices: dict[int, list[Price]] = defaultdict(list)
    for price in Price.objects.filter(service__in=wanted):
        prices[price.service_id].append(price)
    policies: dict[int, list[Policy]] = defaultdict(list)
    for policy in Policy.objects.filter(service__in=wanted).prefetch_related("tiers"):
        policies[policy.service_id].append(policy)
    return Tariff(prices, policies)


def rate_of(client_id: int, service_id: int, day: date) -> ClientRate | None:
    """What was agreed with this client for the service, if anything, on a day."""
    rates = ClientRate.objects.filter(client=client_id, service=service_id, valid_from__lte=day)
    return next((rate for rate in rates if _holds(rate, day)), None)


def rule_of(policy: Policy | None) -> DueRule:
    """What a policy says is due when."""
    if policy is None:
        return ALL_NOW
    return DueRule(policy.due_now, policy.deposit_cents, policy.deposit_share_basis_points, policy.balance_days_before)


def tiers_of(policy: Policy | None) -> list[Tier]:
    """The cancellation tiers of a policy, the longest first."""
    rows = policy.tiers.all() if policy is not None else []
    return sorted((Tier(row.hours_before, row.fee_share_basis_points) for row in rows), reverse=True)
