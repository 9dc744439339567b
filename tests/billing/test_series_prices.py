"""A series is priced as a whole, a standing appointment per occurrence."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.models import BookingTerms, ClientRate, LedgerEntry, Price
from billing.money import Money
from billing.operations.booking import book
from billing.queries.ledger import balance
from billing.queries.quotes import costs, quote
from scheduling.models import Service
from scheduling.queries.openings.opening import describe
from scheduling.queries.openings.series import series
from tests.factories import NOW, a_client, a_stranger, an_actor, in_days

from .factories import a_person, an_office, lines, opening_ids

pytestmark = pytest.mark.django_db
FIRST = (NOW + in_days(28)).date()


def weekly(service, times=12, every=1):
    first = describe(opening_ids(service)[0])
    return series(opening=first, times=times, every_n_weeks=every, now=NOW).opening


def test_a_series_costs_the_single_price_times_its_dates():
    _, service = an_office(cents=15_000)

    quoted = quote(weekly(service), now=NOW)

    assert (quoted.price, quoted.due_now, quoted.later) == (Money(180_000), Money(36_000), Money(144_000))
    assert quoted.later_on == FIRST - timedelta(days=7)


def test_a_skipped_date_is_not_charged():
    _, service = an_office(cents=15_000)
    first = describe(opening_ids(service)[0])

    shorter = series(opening=first, times=12, every_n_weeks=1, now=NOW, skip=[FIRST + timedelta(weeks=2)]).opening

    assert quote(shorter, now=NOW).price == Money(165_000)


def test_an_agreed_rate_applies_to_every_date():
    _, service = an_office(cents=15_000)
    client = a_client()
    ClientRate.objects.create(
        client=client, service=service, amount_cents=9_000, reason="agreed", valid_from=date(2027, 1, 1)
    )

    assert quote(weekly(service, times=4), client=client, now=NOW).price == Money(36_000)


def test_a_standing_appointment_is_quoted_per_occurrence_with_nothing_due_now():
    _, service = an_office(cents=15_000)

    quoted = quote(weekly(service, times=None), now=NOW)

    assert (quoted.price, quoted.due_now, quoted.later) == (Money(15_000), Money(0), Money(15_000))
    assert quoted.later_on is None
    assert quoted.policy_lines == ["Free until Sun, Feb 28, 9:00 AM. After that the fee is $75."]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(times=st.integers(1, 26) | st.none(), cents=st.integers(1, 99_999))
def test_a_list_and_a_quote_give_the_same_price(times, cents):
    service = an_office_once(cents)
    opening = weekly(service, times=times)

    listed, quoted = costs([opening], now=NOW)[opening.id], quote(opening, now=NOW)

    assert (listed.price, listed.deposit) == (quoted.price, quoted.due_now)
    assert quoted.price.cents == cents * (times or 1)
    assert quoted.due_now + quoted.later == quoted.price


def an_office_once(cents):
    if not Service.objects.exists():
        an_office(cents=1)
    Price.objects.update(amount_cents=cents)
    return Service.objects.get()


def test_a_booked_series_is_charged_for_all_dates_and_its_deposit_is_due_now(payments):
    _, service = an_office(cents=15_000)

    booked = book(
        opening=weekly(service).id, people=[a_person()], accept_policy=True, by=a_stranger(), now=payments.now
    )

    assert booked.due_now == Money(36_000)
    payments.pay(booked.checkout_url)
    payments.deliver()
    assert lines() == [("payment", 36_000), ("charge", -180_000)]
    assert balance(booked.booking).due == Money(144_000)


def test_a_standing_appointment_is_confirmed_at_once_without_a_charge():
    _, service = an_office(cents=15_000, due_now="all", deposit_share_basis_points=None, balance_days_before=None)
    opening = weekly(service, times=None)

    booked = book(opening=opening.id, people=[a_person()], accept_policy=True, by=an_actor(), now=NOW)

    booked.booking.refresh_from_db()
    terms = BookingTerms.objects.get()
    assert booked.booking.status == "confirmed"
    assert (booked.due_now, booked.checkout_url) == (Money(0), None)
    assert (terms.price_cents, terms.due_now_cents, terms.later_cents) == (15_000, 0, 15_000)
    assert not LedgerEntry.objects.exists()
