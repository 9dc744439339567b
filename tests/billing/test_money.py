"""Parts in cents add up to the price, for every price (F74)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money import Money, share, split
from billing.policies import DueRule, due

CENTS = st.integers(1, 1_000_000)
SHARES = st.integers(0, 10_000)
FIRST_DAY = date(2027, 3, 1)


@given(CENTS, SHARES)
def test_a_share_is_the_nearest_cent(cents, basis_points):
    assert abs(share(cents, basis_points) * 10_000 - cents * basis_points) * 2 <= 10_000


@given(CENTS, SHARES)
def test_a_share_is_between_zero_and_the_total(cents, basis_points):
    assert 0 <= share(cents, basis_points) <= cents


@given(st.integers(0, 1_000_000), st.lists(st.integers(0, 10_000), min_size=1, max_size=6).filter(any))
def test_parts_add_up_to_the_total(cents, weights):
    assert sum(split(cents, weights)) == cents


@given(st.integers(0, 1_000_000), st.lists(st.integers(0, 10_000), min_size=1, max_size=6).filter(any))
def test_each_part_is_within_a_cent_of_its_proportion(cents, weights):
    for part, weight in zip(split(cents, weights), weights, strict=True):
        assert abs(part * sum(weights) - cents * weight) < sum(weights)


def test_a_dollar_split_in_three_gives_the_first_part_the_odd_cent():
    assert split(100, [1, 1, 1]) == [34, 33, 33]


def test_deposit_and_balance_add_up_for_every_price_to_ten_thousand_dollars():
    rule = DueRule("share", deposit_share_basis_points=3_333, balance_days_before=7)
    wrong = [cents for cents in range(1, 1_000_001) if _sum_of(cents, rule) != cents]
    assert wrong == []


def _sum_of(cents: int, rule: DueRule) -> int:
    parts = due(Money(cents), rule, first_day=FIRST_DAY, today=date(2027, 1, 1))
    return parts.now.cents + parts.later.cents


@given(
    CENTS,
    st.one_of(
        st.builds(DueRule, st.just("sum"), st.integers(1, 500_000), st.none(), st.integers(0, 60)),
        st.builds(DueRule, st.just("share"), st.none(), st.integers(1, 9_999), st.integers(0, 60)),
        st.just(DueRule("all")),
        st.just(DueRule("nothing")),
    ),
    st.integers(0, 90),
)
def test_the_amounts_due_now_and_later_add_up_and_can_be_charged(cents, rule, days_ahead):
    parts = due(Money(cents), rule, first_day=FIRST_DAY, today=FIRST_DAY - timedelta(days=days_ahead))
    assert parts.now + parts.later == Money(cents)
    assert parts.now.cents == 0 or parts.now.cents >= 50
    assert parts.later.cents == 0 or parts.later.cents >= 50 or parts.now.cents == 0


def test_a_balance_due_today_is_due_now():
    rule = DueRule("share", deposit_share_basis_points=2_000, balance_days_before=7)
    parts = due(Money(90_000), rule, first_day=FIRST_DAY, today=FIRST_DAY - timedelta(days=7))
    assert (parts.now, parts.later, parts.later_on) == (Money(90_000), Money(0), None)


def test_a_balance_due_tomorrow_is_due_on_its_day():
    rule = DueRule("share", deposit_share_basis_points=2_000, balance_days_before=7)
    parts = due(Money(90_000), rule, first_day=FIRST_DAY, today=FIRST_DAY - timedelta(days=8))
    assert (parts.now, parts.later_on) == (Money(18_000), FIRST_DAY - timedelta(days=7))


@pytest.mark.parametrize("amount", [19.99, "1999", True, None])
def test_money_refuses_anything_but_whole_cents(amount):
    with pytest.raises(TypeError):
        Money(amount)


def test_adding_another_currency_is_refused():
    with pytest.raises(ValueError, match="Cannot add"):
        Money(1) + Money(1, "eur")


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "$0"),
        (5, "$0.05"),
        (120_000, "$1,200"),
        (120_050, "$1,200.50"),
        (-9_000, "-$90"),
        (100_000_000, "$1,000,000"),
    ],
)
def test_money_is_formatted_in_us_notation(cents, words):
    assert Money(cents).format() == words
