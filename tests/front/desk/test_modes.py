"""The desk's pages name the mode: of each time, and if the service lacks the one asked for."""

import pytest

from scheduling.models import Booking
from tests.factories import MONDAY, in_days
from tests.front.walk import words_of

from .conftest import opening_ids
from .test_audit_lines import BOOK, WHY
from .test_booking import hold

LACKS = "Single is not offered online. These times are in person."


@pytest.fixture
def asked(office, alex):
    return {"client": alex.pk, "service": "single", "office": "frisco"}


@pytest.mark.parametrize("page", [BOOK, WHY])
def test_a_mode_that_the_service_lacks_is_named_in_words(browser, office, asked, page):
    office.single.modes, office.single.name = ["office"], "Single"
    office.single.save()
    shown = words_of(browser.get(page, asked | {"mode": "online", "on": MONDAY.isoformat()}))
    assert LACKS in shown


@pytest.mark.parametrize("mode", ["office", ""])
def test_a_mode_that_the_service_has_needs_no_words(browser, asked, mode):
    assert "is not offered" not in browser.get(BOOK, asked | {"mode": mode}).content.decode()


def test_the_times_of_a_free_date_name_the_mode(browser, asked):
    shown = words_of(browser.get(WHY, asked | {"on": MONDAY.isoformat()}))
    assert "Robin Vale, in person, Frisco</span></button>" in shown


def test_a_change_that_opens_a_date_names_the_mode(browser, office, asked):
    office.single.step_minutes = 60  # one start for each visit that fits
    office.single.save()
    for opening in opening_ids(office.single):
        hold(browser, opening, client=asked["client"])
    shown = words_of(browser.get(WHY, asked | {"on": (MONDAY + in_days(5)).isoformat()}))
    assert ", in person, Frisco</button>" in shown


@pytest.mark.parametrize(
    ("mode", "words"), [("office", "in person, Frisco"), ("online", "online"), ("phone", "by phone")]
)
def test_the_page_of_a_hold_names_the_mode(browser, office, asked, mode, words):
    hold(browser, opening_ids(office.single)[0], client=asked["client"])
    Booking.objects.update(mode=mode)
    shown = words_of(browser.get(f"/desk/bookings/{Booking.objects.get().reference}/"))
    assert f'<p class="step">{office.single.name}, {words}</p>' in shown
