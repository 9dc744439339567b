"""Signing in again after the session ended leads back to a page that allows GET, never to a 405."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client as Browser
from django.urls import reverse

from front.desk.urls import urlpatterns
from tests.factories import a_client
from tests.signing_in import give_second_factor, sign_in

from .conftest import booked, opening_ids
from .test_audit_lines import BOOK, ELSEWHERE, FIND
from .tuesdays import ADDRESS as DATES
from .tuesdays import THIRD

HTMX = {"HX-Request": "true"}


@pytest.fixture
def stranger():
    return Browser()


def next_of(address):
    """Address to which the sign-in page leads."""
    parts = urlsplit(address)
    assert parts.path == "/accounts/login/"
    return parse_qs(parts.query)["next"][0]


def led_to(answer):
    return next_of(answer.headers["Location"])


def test_a_get_request_leads_back_to_its_own_page(office, stranger):
    assert led_to(stranger.get(BOOK, {"client": "7"})) == "/desk/book/?client=7"


def test_a_hold_leads_back_to_the_times_with_all_choices(office, stranger):
    answer = stranger.post("/desk/book/hold/", {"client": "7", "service": "single", "office": "frisco"})
    assert led_to(answer) == "/desk/book/?client=7&service=single&office=frisco"


@pytest.mark.parametrize("address", [FIND, ELSEWHERE])
def test_a_search_leads_back_to_the_question_for_the_client(office, stranger, address):
    assert led_to(stranger.post(address, {"words": "reed", "office": "frisco"})) == "/desk/book/?office=frisco"


def test_a_search_for_the_partner_leads_back_to_the_question_for_the_partner(office, stranger):
    assert led_to(stranger.post(FIND, {"words": "reed", "client": "7"})) == "/desk/book/?client=7&find=partner"


def test_dates_lead_back_to_their_page_with_all_choices(criteria, stranger, browser):
    address = led_to(stranger.post(DATES, {**criteria, f"on-{THIRD}": "skip", "go": "hold"}))
    lines = browser.get(address).context["lines"]
    assert [line.words for line in lines if line.skipped] == ["Tuesday, March 9"]


def test_a_new_client_leads_back_to_the_form(office, stranger):
    answer = stranger.post("/desk/clients/add/", {"name": "Alex Reed", "office": "frisco"})
    assert led_to(answer) == "/desk/clients/add/?office=frisco"


@pytest.mark.parametrize(
    "verb", ["commitment", "payment", "pay-link", "more-time", "release", "links/A"], ids=lambda verb: verb
)
def test_an_action_on_a_booking_leads_back_to_its_page(office, stranger, verb):
    booking = booked(opening_ids(office.single)[0], a_client(), confirmed=False)
    page = f"/desk/bookings/{booking.reference}/"
    assert led_to(stranger.post(f"{page}{verb}/")) == page


def test_closing_an_item_leads_back_to_the_day(office, stranger):
    assert led_to(stranger.post("/desk/items/7/done/")) == "/desk/"


def test_every_post_only_address_of_the_desk_has_a_page_to_return_to(office, browser):
    """An address that takes only POST answers GET with 405."""
    given = {"reference": "23456789", "track": "A", "item_id": 7, "client_id": 7, "appointment_id": 7}
    given |= {"location": "frisco", "day": "2027-02-08"}
    for one in urlpatterns:
        wanted = {name: given[name] for name in one.pattern.converters}
        address = reverse(f"desk:{one.name}", kwargs=wanted)
        if browser.get(address).status_code == 405:
            assert browser.get(led_to(Browser().post(address))).status_code != 405, address


def test_an_htmx_request_redirects_the_whole_page_to_sign_in_and_back(office, stranger):
    page = "http://testserver/desk/book/?client=7&find=partner#main"
    answer = stranger.post(FIND, {"words": "reed"}, headers={**HTMX, "HX-Current-URL": page})
    assert next_of(answer.headers["HX-Redirect"]) == "/desk/book/?client=7&find=partner"
    assert "Location" not in answer.headers
    assert answer.content == b""


def test_an_htmx_request_on_a_posted_page_leads_back_to_a_page_for_get(office, stranger):
    page = f"http://testserver{ELSEWHERE}"
    answer = stranger.post(FIND, {"words": "reed", "office": "frisco"}, headers={**HTMX, "HX-Current-URL": page})
    assert next_of(answer.headers["HX-Redirect"]) == "/desk/book/?office=frisco"


@pytest.mark.parametrize(
    "page",
    [
        "https://elsewhere.example/desk/book/",
        "//elsewhere.example/desk/book/",
        "javascript:alert(1)",
        "http://testserver/no/such/page/",
        "http://testserver:81:81/",
        "",
    ],
)
def test_an_htmx_request_on_a_foreign_page_leads_back_to_the_search(office, stranger, page):
    answer = stranger.post(FIND, {"words": "reed", "office": "frisco"}, headers={**HTMX, "HX-Current-URL": page})
    assert next_of(answer.headers["HX-Redirect"]) == "/desk/book/?office=frisco"


def test_an_htmx_request_without_the_second_factor_redirects_the_whole_page(office, at_desk):
    give_second_factor(at_desk.user)
    without = Browser()
    without.force_login(at_desk.user)
    answer = without.post(FIND, {"words": "reed"}, headers={**HTMX, "HX-Current-URL": f"http://testserver{BOOK}"})
    assert next_of(answer.headers["HX-Redirect"]) == BOOK


def test_revoking_the_private_calendar_leads_back_to_its_page(office, stranger):
    answer = stranger.post("/schedule/feed/end/", headers={"Referer": "http://testserver/schedule/feed/"})
    assert led_to(answer) == "/schedule/feed/"


def test_signing_in_leads_to_the_times_that_were_open(office, stranger, at_desk, alex):
    """All requests in turn, up to the page that the person sees."""
    criteria = {"client": alex.pk, "service": "single", "office": "frisco", "opening": opening_ids(office.single)[0]}
    back = led_to(stranger.post("/desk/book/hold/", criteria))
    shown = sign_in(Browser(), at_desk.user).get(back)
    assert (shown.status_code, bool(shown.context["times"].days)) == (200, True)
