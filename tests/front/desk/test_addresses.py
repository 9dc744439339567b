"""An invalid reference matches no address, so no query looks for it."""

import pytest

from tests.factories import a_client

from .test_booking import a_hold


@pytest.mark.parametrize("address", ["/desk/bookings/%00/", "/desk/bookings/ab/", "/booking/%00/done/"])
def test_an_invalid_reference_matches_no_address(browser, address):
    assert browser.get(address).status_code == 404


def test_an_invalid_track_matches_no_address(office, browser):
    reference = a_hold(browser, office, a_client("Alex Reed")).reference

    assert browser.post(f"/desk/bookings/{reference}/links/%00/").status_code == 404
