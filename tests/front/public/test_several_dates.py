"""Several dates show the price of each and of all, on every page with a price."""

import pytest

from scheduling.queries.openings.opening import describe
from scheduling.queries.openings.series import series
from tests.factories import NOW
from tests.front.public.test_groups import choose as choose_group
from tests.front.public.test_groups import groups, page_of  # noqa: F401
from tests.front.walk import choose, fill_in, opening_ids, words_of


@pytest.fixture
def weekly(office):
    """The id of a series of single visits, week by week."""

    def repeated(times):
        first = describe(opening_ids(office.single)[0])
        return series(opening=first, times=times, every_n_weeks=1, now=NOW).opening.id

    return repeated


def check(client, service, opening):
    choose(client, service, opening)
    fill_in(client)
    return words_of(client.get("/book/check/"))


def test_a_series_shows_the_price_of_each_visit_and_of_all(client, office, weekly):
    page = check(client, office.single, weekly(6))

    assert "<dt>Price of each visit</dt><dd>$150</dd>" in page
    assert "<dt>Price of all 6 visits</dt><dd>$900</dd>" in page
    assert "Pay $900 and book" in page


def test_the_terms_of_a_series_say_that_they_apply_to_all_visits(client, office, weekly):
    page = check(client, office.single, weekly(6))

    assert "This is for canceling all 6 visits together, counted from the first." in page


def test_a_single_visit_shows_only_its_price(client, office):
    page = check(client, office.single, opening_ids(office.single)[0])

    assert "<dt>Price</dt><dd>$150</dd>" in page
    assert "each visit" not in page


def test_the_list_of_groups_shows_both_prices(client, groups):  # noqa: F811
    groups.open_cohort()

    page = words_of(page_of(client, groups))

    assert '$45 each time, <strong class="range__money">$270</strong> in all' in page


def test_a_cohort_shows_both_prices_before_payment(client, groups):  # noqa: F811
    groups.open_cohort()
    choose_group(client, groups, groups.free()[0])
    fill_in(client)

    page = words_of(client.get("/book/check/"))

    assert "<dt>Price of each visit</dt><dd>$45</dd>" in page
    assert "<dt>Price of all 6 visits</dt><dd>$270</dd>" in page
    assert "Due after the first visit" not in page


def test_the_page_of_a_group_service_says_that_its_price_is_for_each_visit(client, groups):  # noqa: F811
    cards = words_of(client.get("/book/choose/"))
    service = words_of(client.get(f"/book/s/{groups.service.slug}/"))

    assert "from $45 each time" in cards
    assert "From $45 each time" in service
    assert "If several dates are booked together, you see the total before you choose." in service
