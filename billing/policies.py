"""Compute amounts due and cancellation fees, and describe them with dates. Pure: no clock, tables or settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduling.formats import short_moment

from .money import WHOLE, Money, share

# The provider's minimum for a card payment (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).
LEAST_CHARGE_CENTS = 50


@dataclass(frozen=True, order=True)
class Tier:
    """The fee for canceling less than `hours_before` the start, as a share of the price."""

    hours_before: int
    fee_share_basis_points: int


@dataclass(frozen=True)
class DueRule:
    """How a price is divided. `kind` is nothing, sum, share or all, and says how much is due at booking.

    The rest is due `balance_days_before` the first day.
    """

    kind: str
    deposit_cents: int | None = None
    deposit_share_basis_points: int | None = None
    balance_days_before: int | None = None


@dataclass(frozen=True)
class Due:
    """The amounts due now and later, which add up to the price. Without `later_on`, `later` is due after the visit."""

    now: Money
    later: Money
    later_on: date | None


def due(price: Money, rule: DueRule, *, first_day: date, today: date) -> Due:
    """Divide a price into the amounts due now and later. `first_day` and `today` are on the location's calendar.

    A balance due today or earlier is due now. A deposit is raised to the minimum of a card payment, and a balance
    below that minimum is due now. A price below it is due after the visit.
    """
    if price.cents < LEAST_CHARGE_CENTS or rule.kind == "nothing":
        return Due(Money(0, price.currency), price, None)
    later_on = None if rule.balance_days_before is None else first_day - timedelta(days=rule.balance_days_before)
    deposit = max(_deposit(price.cents, rule), LEAST_CHARGE_CENTS)
    if later_on is None or later_on <= today or price.cents - deposit < LEAST_CHARGE_CENTS:
        return Due(price, Money(0, price.currency), None)
    now = Money(deposit, price.currency)
    return Due(now, price - now, later_on)


def _deposit(price_cents: int, rule: DueRule) -> int:
    if rule.kind == "sum":
        return min(rule.deposit_cents or 0, price_cents)
    return share(price_cents, rule.deposit_share_basis_points or 0) if rule.kind == "share" else price_cents


def limit(starts_at: datetime, zone: ZoneInfo, hours_before: int) -> datetime:
    """The last instant, in UTC, before the fee of a tier applies.

    Whole days are counted back on the location's calendar to the same wall time, the remaining hours as elapsed time
    (F39). If that wall time exists twice, the later one counts, in the client's favor.
    """
    days, hours = divmod(hours_before, 24)
    local = starts_at.astimezone(zone).replace(tzinfo=None) - timedelta(days=days)
    return local.replace(tzinfo=zone, fold=1 if _is_twice(local, zone) else 0).astimezone(UTC) - timedelta(hours=hours)


def _is_twice(local: datetime, zone: ZoneInfo) -> bool:
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first < second


def fee(price: Money, tiers: Iterable[Tier], *, starts_at: datetime, zone: ZoneInfo, now: datetime) -> Money:
    """The fee for canceling at `now`: the share of the shortest tier whose limit has passed, or zero."""
    passed = [tier for tier in tiers if now > limit(starts_at, zone, tier.hours_before)]
    return price.share(min(passed).fee_share_basis_points) if passed else Money(0, price.currency)


def policy_lines(
    price: Money, tiers: Iterable[Tier], *, starts_at: datetime, zone: ZoneInfo, now: datetime
) -> list[str]:
    """The cancellation policy as sentences with dates and amounts, in the wall time of `zone`."""
    tiers = sorted(tiers, reverse=True)
    ahead = [tier for tier in tiers if limit(starts_at, zone, tier.hours_before) >= now]
    present = fee(price, tiers, starts_at=starts_at, zone=zone, now=now)
    if not ahead:
        return [f"Canceling costs {_sum(present, price)}." if present else "Canceling is free until it starts."]

    def when(tier: Tier) -> str:
        return wall(limit(starts_at, zone, tier.hours_before), zone, now)

    first, *others = ahead
    until = f"Canceling costs {_sum(present, price)} until" if present else "Free until"
    lines = [f"{until} {when(first)}. After that the fee is {_fee(price, first)}."]
    return lines + [f"After {when(tier)} it is {_fee(price, tier)}." for tier in others]


def _fee(price: Money, tier: Tier) -> str:
    return _sum(price.share(tier.fee_share_basis_points), price)


def _sum(part: Money, price: Money) -> str:
    return f"the whole price, {price}" if part == price else str(part)


def wall(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`Tue, Nov 24, 11:00 AM` in the wall time of `zone`, with the year if it differs from that of `now`."""
    local = at.astimezone(zone)
    return short_moment(local, with_year=local.year != now.astimezone(zone).year)


def percent(basis_points: int) -> str:
    """Format basis points as a percentage: `33%`, `12.5%`."""
    whole, rest = divmod(basis_points * 100, WHOLE)
    return f"{whole}" + (f".{rest:04d}".rstrip("0") if rest else "") + "%"
