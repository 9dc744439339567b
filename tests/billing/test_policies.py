"""Cancellation tiers apply to the second on the location's calendar (F39), and the sentences quote them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money import Money
from billing.policies import Tier, fee, limit, policy_lines

CHICAGO = ZoneInfo("America/Chicago")
PRICE = Money(18_000)
SECOND = timedelta(seconds=1)
TIERS = [Tier(14 * 24, 2_500), Tier(7 * 24, 5_000), Tier(24, 10_000)]


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHICAGO).astimezone(UTC)


# A start, and the last instants before the fees of 14 days, 7 days and 24 hours apply, in Chicago.
STARTS = {
    "plain": (local(2027, 2, 24, 11), [local(2027, 2, 10, 11), local(2027, 2, 17, 11), local(2027, 2, 23, 11)]),
    "over a month end": (local(2027, 5, 3, 9), [local(2027, 4, 19, 9), local(2027, 4, 26, 9), local(2027, 5, 2, 9)]),
    "over a year end": (local(2027, 1, 5, 9), [local(2026, 12, 22, 9), local(2026, 12, 29, 9), local(2027, 1, 4, 9)]),
    "over the lost hour": (local(2027, 3, 14, 9), [local(2027, 2, 28, 9), local(2027, 3, 7, 9), local(2027, 3, 13, 9)]),
    "over the hour twice": (
        local(2027, 11, 7, 9),
        [local(2027, 10, 24, 9), local(2027, 10, 31, 9), local(2027, 11, 6, 9)],
    ),
    "at 22:00, when UTC is already tomorrow": (
        local(2027, 3, 1, 22),
        [local(2027, 2, 15, 22), local(2027, 2, 22, 22), local(2027, 2, 28, 22)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("starts_at", "limits"), STARTS.values(), ids=STARTS)
def test_each_fee_applies_one_second_after_its_limit(starts_at, limits):
    before = [Money(0), PRICE.share(2_500), PRICE.share(5_000)]
    after = [PRICE.share(2_500), PRICE.share(5_000), PRICE]
    for at, cheaper, dearer in zip(limits, before, after, strict=True):
        found = [_fee(starts_at, at + step) for step in (-SECOND, timedelta(0), SECOND)]
        assert found == [cheaper, cheaper, dearer]


def _fee(starts_at: datetime, now: datetime) -> Money:
    return fee(PRICE, TIERS, starts_at=starts_at, zone=CHICAGO, now=now)


def test_a_day_before_the_clocks_go_forward_is_the_same_wall_time_and_23_hours():
    starts_at = local(2027, 3, 14, 9)
    assert starts_at - limit(starts_at, CHICAGO, 24) == timedelta(hours=23)


def test_hours_beyond_whole_days_count_as_elapsed_time():
    starts_at = local(2027, 3, 14, 9)
    assert starts_at - limit(starts_at, CHICAGO, 36) == timedelta(hours=35)


def test_a_limit_in_the_hour_that_exists_twice_is_the_later_one():
    assert limit(local(2027, 11, 8, 1, 30), CHICAGO, 24) == datetime(2027, 11, 7, 7, 30, tzinfo=UTC)


def test_a_limit_in_the_hour_that_does_not_exist_is_after_the_jump():
    assert limit(local(2027, 3, 15, 2, 30), CHICAGO, 24) == datetime(2027, 3, 14, 8, 30, tzinfo=UTC)


@given(st.integers(0, 2 * 365 * 24 * 60), st.integers(0, 24 * 60), st.integers(0, 24 * 60))
def test_the_limit_of_a_longer_tier_is_never_later(minutes, shorter, longer):
    starts_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    first, second = sorted((shorter, longer))
    if second - first >= 2:  # the hour that exists twice can reverse tiers that are less than two hours apart
        assert limit(starts_at, CHICAGO, second) <= limit(starts_at, CHICAGO, first)


@given(st.integers(0, 60 * 24 * 20), st.integers(1, 1_000_000))
def test_canceling_later_is_never_cheaper(minutes, cents):
    starts_at, price = local(2027, 11, 7, 9), Money(cents)
    now = starts_at - timedelta(minutes=minutes)
    paid = [fee(price, TIERS, starts_at=starts_at, zone=CHICAGO, now=at) for at in (now, now + timedelta(minutes=1))]
    assert paid[0] <= paid[1] <= price


NOV_24 = local(2026, 11, 25, 11)
MONDAY = local(2026, 11, 16, 9)


def lines(tiers: list[Tier], now: datetime = MONDAY, starts_at: datetime = NOV_24) -> list[str]:
    return policy_lines(PRICE, tiers, starts_at=starts_at, zone=CHICAGO, now=now)


def test_one_tier_gives_one_sentence_with_date_and_amount():
    assert lines([Tier(24, 5_000)]) == ["Free until Tue, Nov 24, 11:00 AM. After that the fee is $90."]


def test_several_tiers_are_listed_in_order_of_time():
    assert lines([Tier(24, 10_000), Tier(72, 5_000)]) == [
        "Free until Sun, Nov 22, 11:00 AM. After that the fee is $90.",
        "After Tue, Nov 24, 11:00 AM it is the whole price, $180.",
    ]


def test_inside_the_first_tier_the_current_fee_is_stated():
    found = lines([Tier(24, 10_000), Tier(72, 5_000)], now=local(2026, 11, 23, 9))
    assert found == ["Canceling costs $90 until Tue, Nov 24, 11:00 AM. After that the fee is the whole price, $180."]


def test_inside_the_last_tier_only_the_fee_is_stated():
    assert lines([Tier(24, 5_000)], now=local(2026, 11, 25, 9)) == ["Canceling costs $90."]


def test_without_tiers_canceling_is_free():
    assert lines([]) == ["Canceling is free until it starts."]


def test_a_date_in_another_year_names_the_year():
    found = lines([Tier(24, 5_000)], starts_at=local(2027, 1, 5, 9))
    assert found == ["Free until Mon, Jan 4, 2027, 9:00 AM. After that the fee is $90."]


@given(st.integers(0, 60 * 24 * 20))
def test_the_sentence_quotes_the_fee_that_is_charged(minutes):
    now = NOV_24 - timedelta(minutes=minutes)
    first = lines(TIERS, now=now)[0]
    charged = fee(PRICE, TIERS, starts_at=NOV_24, zone=CHICAGO, now=now)
    assert first.startswith("Free") if not charged else str(charged) in first
