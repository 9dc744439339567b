"""Eight Tuesdays at 3:00 PM for Alex, chosen and held at the desk."""

from datetime import date, timedelta

import pytest

from tests.factories import NOW, a_client, openings_of

ADDRESS = "/desk/book/dates/"
WEEK = timedelta(weeks=1)
# Eight weekly dates from it on include the clock change of 2027-03-14.
FIRST = date(2027, 2, 23)
THIRD = FIRST + 2 * WEEK


@pytest.fixture
def alex(office):
    return a_client("Alex Reed", may_email=True, email="alex@example.com", contact_chosen_at=NOW)


def at_three(service, day):
    """The opening at 3:00 PM."""
    found = openings_of(service=service, first=day, until=day + timedelta(days=1), now=NOW)
    return next(one.id for one in found if one.starts_at.astimezone(one.location.tzinfo).hour == 15)


@pytest.fixture
def criteria(office, alex):
    """Eight Tuesdays at 3:00 PM for Alex."""
    return {
        "client": alex.pk,
        "service": "single",
        "office": "frisco",
        "opening": at_three(office.single, FIRST),
        "repeat": "times",
        "every": "1",
        "times": "8",
    }


def hold(browser, criteria, **dates):
    return browser.post(ADDRESS, {**criteria, "go": "hold", **{f"on-{day}": value for day, value in dates.items()}})
