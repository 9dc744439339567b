"""Load the prices and policies of services, and find those in force on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from billing.models import ClientRate, Policy, Price
from billing.policies import DueRule, Tier

ALL_NOW = DueRule("all")  # for a service without a policy


@dataclass(frozen=True)
class Tariff:
    """All prices and policies of some services, by service id. The day decides which one counts."""

    prices: dict[int, list[Price]]
    policies: dict[int, list[Policy]]

    def price_cents(self, service_id: int, level: str, day: date) -> int | None:
        """Price of a level on a day in cents, or else the price for any level; None if there is none."""
        found = {price.level: price.amount_cents for price in self.prices[service_id] if _holds(price, day)}
        return found.get(level, found.get(""))

    def least_cents(self, service_id: int, day: date) -> int | None:
        """Lowest price of any level on a day in cents, as in “from $150”; None if there is none."""
        return min((price.amount_cents for price in self.prices[service_id] if _holds(price, day)), default=None)

    def policy(self, service_id: int, day: date) -> Policy | None:
        """Latest version of the policy that is valid on a day, or None."""
        begun = (policy for policy in self.policies[service_id] if policy.valid_from <= day)
        return max(begun, key=lambda policy: policy.version, default=None)


def _holds(row: Price | ClientRate, day: date) -> bool:
    return row.valid_from <= day and (row.valid_until is None or day < row.valid_until)


def tariff_of(service_ids: Iterable[int]) -> Tariff:
    """Load the tariff of some services, in three statements for any number."""
    ids = set(service_ids)
    prices: dict[int, list[Price]] = defaultdict(list)
    for price in Price.objects.filter(service__in=ids):
        prices[price.service_id].append(price)
    policies: dict[int, list[Policy]] = defaultdict(list)
    for policy in Policy.objects.filter(service__in=ids).prefetch_related("tiers"):
        policies[policy.service_id].append(policy)
    return Tariff(prices, policies)


def rate_of(client_id: int, service_id: int, day: date) -> ClientRate | None:
    """Rate agreed with this client for the service on a day, or None."""
    rates = ClientRate.objects.filter(client=client_id, service=service_id, valid_from__lte=day)
    return next((rate for rate in rates if _holds(rate, day)), None)


def rule_of(policy: Policy | None) -> DueRule:
    """Rule of what is due at booking and later; all is due at booking if there is no policy."""
    if policy is None:
        return ALL_NOW
    return DueRule(policy.due_now, policy.deposit_cents, policy.deposit_share_basis_points, policy.balance_days_before)


def tiers_of(policy: Policy | None) -> list[Tier]:
    """Cancellation tiers of a policy, the longest notice first; empty if there is no policy."""
    rows = policy.tiers.all() if policy is not None else []
    return sorted((Tier(row.hours_before, row.fee_share_basis_points) for row in rows), reverse=True)
