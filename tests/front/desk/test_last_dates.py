"""The last bookable dates: no link leads past them, and an empty page names the last one and what to try."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from tests.factories import NOW, a_location, an_actor
from tests.signing_in import sign_in

from .test_audit_lines import BOOK

HORIZON = 40  # days


@pytest.fixture
def times(browser, office, alex):
    office.single.horizon_days = HORIZON
    office.single.save()

    def at(days, **more):
        since = (NOW.date() + timedelta(days=days)).isoformat()
        criteria = {"client": alex.pk, "service": "single", "office": "frisco", "since": since}
        return browser.get(BOOK, criteria | more)

    return at


def walk(browser, page, most=30):
    """All pages from one on, followed by the link to later dates."""
    while page.context["times"].later and most:
        page, most = browser.get(page.context["times"].later), most - 1
        yield page


def test_later_dates_end_with_the_last_bookable_one(browser, times):
    pages = [*walk(browser, times(0))]
    assert [page.context["times"].days != [] for page in pages] == [True] * len(pages)
    assert "Later dates" not in pages[-1].content.decode()


def test_a_search_past_the_last_date_shows_the_last_bookable_date(times, office):
    office.single.locations.clear()
    shown = times(HORIZON + 100).content.decode()
    assert f"{office.single.name} can be booked only until Saturday, March 13 for now." in shown
    assert "Try an earlier date." in shown
    assert "another office" not in shown


@pytest.mark.parametrize("is_given_there", [True, False])
def test_another_office_is_suggested_only_if_it_has_the_service(office, alex, is_given_there):
    office.location.rooms.all().update(is_active=False)
    if is_given_there:
        office.single.locations.add(a_location("plano"))
    owner = sign_in(Browser(), an_actor("owner").user)
    shown = owner.get(BOOK, {"client": alex.pk, "service": "single", "office": "frisco"}).content.decode()
    assert ("Try another office" in shown) == is_given_there


def test_the_link_to_the_next_free_day_shows_its_times(times, office, browser):
    office.single.horizon_days = 200
    office.single.save()
    office.single.clinicians.first().working_hours.update(valid_from=NOW.date() + timedelta(days=60))
    page = times(0)
    assert browser.get(page.context["nothing"].next).context["times"].days
