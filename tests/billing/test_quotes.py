"""Quotes before booking: prices by level and day, agreed rates, amounts due now and later."""

from datetime import date, timedelta

import pytest

from billing.models import ClientRate
from billing.money import Money
from billing.operations.booking import book
from billing.queries.quotes import NotPriced, costs, deposit_of, from_price, quote, quotes
from billing.queries.terms import fee_of, policy_lines_of
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.opening import describe
from scheduling.queries.openings.search import Search
from tests.factories import NOW, a_client, a_clinician, a_room, a_stranger, in_days, openings_of

from .factories import a_person, a_policy, a_price, an_office, opening_ids

pytestmark = pytest.mark.django_db


def an_opening(service):
    return describe(opening_ids(service)[0])


def test_a_share_is_due_now_and_the_rest_a_week_before_on_the_local_calendar():
    _, service = an_office()
    quoted = quote(an_opening(service), now=NOW)
    assert (quoted.price, quoted.due_now, quoted.later) == (Money(90_000), Money(18_000), Money(72_000))
    assert quoted.later_on == date(2027, 2, 22)


def test_the_policy_is_quoted_with_its_date_and_the_statement_name():
    _, service = an_office()
    quoted = quote(an_opening(service), now=NOW)
    assert quoted.policy_lines == ["Free until Sun, Feb 28, 9:00 AM. After that the fee is $450."]
    assert quoted.statement_name == "HEP"


def test_the_level_of_the_first_clinician_sets_the_price():
    location, service = an_office()
    a_price(service, 120_000, level="senior")
    senior = a_clinician(location, services=[service], level="senior")
    first = (NOW + in_days(28)).date()
    found = openings(Search(service=service, first=first, until=first + timedelta(days=1), now=NOW, clinician=senior))
    assert quote(found.openings[0], now=NOW).price == Money(120_000)


def test_a_price_applies_from_its_first_day_to_the_day_before_its_end():
    _, service = an_office(cents=None)
    today = NOW.date()
    a_price(service, 10_000, valid_from=date(2026, 1, 1), valid_until=today)
    a_price(service, 20_000, valid_from=today, valid_until=today + timedelta(days=1))
    a_price(service, 30_000, valid_from=today + timedelta(days=1))
    assert quote(an_opening(service), now=NOW).price == Money(20_000)


def test_a_service_without_a_price_is_not_quoted():
    _, service = an_office(cents=None)
    opening = an_opening(service)
    with pytest.raises(NotPriced):
        quote(opening, now=NOW)
    assert quotes([opening], now=NOW) == {}
    assert from_price(service, now=NOW) is None
    assert deposit_of(service, now=NOW) is None


def test_an_agreed_rate_replaces_the_price_until_its_end():
    _, service = an_office()
    client = a_client()
    rate = {"client": client, "service": service, "reason": "agreed", "valid_from": date(2026, 1, 1)}
    ClientRate.objects.create(amount_cents=50_000, valid_until=NOW.date() + timedelta(days=1), **rate)
    opening = an_opening(service)
    assert quote(opening, client=client, now=NOW).price == Money(50_000)
    assert quote(opening, client=client, now=NOW + in_days(1)).price == Money(90_000)
    assert quote(opening, client=a_client(), now=NOW).price == Money(90_000)


def test_the_latest_policy_in_force_is_quoted():
    _, service = an_office()
    a_policy(service, version=2, valid_from=NOW.date(), due_now="all", tiers={})
    a_policy(service, version=3, valid_from=NOW.date() + timedelta(days=1), due_now="nothing", tiers={})
    quoted = quote(an_opening(service), now=NOW)
    assert (quoted.due_now, quoted.policy_lines) == (Money(90_000), ["Canceling is free until it starts."])


@pytest.mark.parametrize("number", [1, 3, 30])
def test_quoting_takes_four_statements_however_many_openings(number, django_assert_num_queries):
    _, service = an_office()
    found = [describe(opening_id) for opening_id in opening_ids(service)[:number]]
    with django_assert_num_queries(4):
        assert len(quotes(found, now=NOW)) == number


def test_from_price_is_the_lowest_level_with_its_deposit():
    _, service = an_office()
    a_price(service, 60_000, level="associate")
    assert (from_price(service, now=NOW), deposit_of(service, now=NOW)) == (Money(60_000), Money(12_000))


def test_a_booking_keeps_the_terms_that_were_quoted(payments):
    _, service = an_office()
    person = a_person()
    booking = book(
        opening=opening_ids(service)[0], people=[person], accept_policy=True, by=a_stranger(), now=NOW
    ).booking
    a_policy(service, version=2, valid_from=NOW.date(), due_now="all", tiers={24 * 60: 10_000})
    assert policy_lines_of(booking, now=NOW) == ["Free until Sun, Feb 28, 9:00 AM. After that the fee is $450."]
    assert fee_of(booking, now=NOW + in_days(27.5)) == Money(45_000)


def test_the_costs_of_a_list_equal_the_single_quotes(django_assert_num_queries):
    location, service = an_office(balance_days_before=30)
    a_clinician(location, services=[service], level="senior")
    a_price(service, 120_000, level="senior")
    a_room(location)
    found = openings_of(service=service, first=NOW.date(), until=NOW.date() + timedelta(days=60), now=NOW)
    quoted = quotes(found, now=NOW)

    with django_assert_num_queries(3):
        listed = costs(found, now=NOW)

    assert {key: (cost.price, cost.deposit) for key, cost in listed.items()} == {
        key: (single.price, single.due_now) for key, single in quoted.items()
    }
    assert {cost.deposit.cents for cost in listed.values()} >= {18_000, 90_000}
