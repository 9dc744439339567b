"""Each client shown while booking by phone gets an audit line, as on all pages of the desk (promise 14)."""

import pytest

from backend.audit.models import AuditLine
from tests.factories import MONDAY, NOW, a_client, in_days

from .tuesdays import ADDRESS as DATES

BOOK, WHY, FIND, ELSEWHERE = (
    "/desk/book/",
    "/desk/book/why-not/",
    "/desk/clients/search/",
    "/desk/clients/search/elsewhere/",
)
SATURDAY = MONDAY + in_days(5)


@pytest.fixture
def sam(office):
    return a_client("Sam Reed", email="sam@example.com", phone="+19725550177")


def looks(page):
    """Ids of the clients with a view of this page on record, one for each audit line."""
    lines = AuditLine.objects.filter(verb="view", subject="client", detail=page).order_by("subject_id")
    return [int(one) for one in lines.values_list("subject_id", flat=True)]


def test_the_times_for_two_clients_write_an_audit_line_for_each(office, browser, alex, sam, at_desk):
    browser.get(BOOK, {"client": alex.pk, "partner": sam.pk, "service": office.program.slug, "office": "frisco"})
    assert looks("book") == sorted([alex.pk, sam.pk])
    assert {one.user for one in AuditLine.objects.filter(detail="book")} == {at_desk.user}


def test_the_question_for_the_partner_shows_no_client_and_writes_no_audit_line(browser, alex):
    browser.get(BOOK, {"client": alex.pk, "find": "partner"})
    assert looks("book") == []


def test_a_lost_time_shows_the_client_again_and_writes_an_audit_line(browser, alex):
    browser.post("/desk/book/hold/", {"client": alex.pk, "opening": ""})
    assert looks("book") == [alex.pk]


def test_the_dates_of_a_series_write_an_audit_line(browser, criteria, alex):
    browser.get(DATES, criteria)
    assert looks("dates") == [alex.pk]


def test_a_redirect_writes_no_audit_line(browser, criteria):
    browser.post("/desk/book/hold/", criteria)
    assert not AuditLine.objects.filter(verb="view").exists()


def test_why_not_writes_an_audit_line(browser, alex):
    browser.get(WHY, {"client": alex.pk, "service": "single", "office": "frisco", "on": SATURDAY.isoformat()})
    assert looks("why not") == [alex.pk]


def test_each_client_found_gets_an_audit_line_besides_that_of_the_search(browser, alex, sam):
    browser.post(FIND, {"words": "reed"}, headers={"HX-Request": "true"})
    assert looks("search") == sorted([alex.pk, sam.pk])
    assert AuditLine.objects.get(verb="search").detail == "words: 2 found"


def test_a_client_chosen_already_is_not_in_the_results_and_gets_no_audit_line(browser, alex, sam):
    browser.post(FIND, {"words": "reed", "client": alex.pk})
    assert looks("search") == [sam.pk]


def test_a_client_found_at_another_office_gets_an_audit_line(browser, sam):
    browser.post(ELSEWHERE, {"email": "sam@example.com", "phone": "972-555-0177"})
    assert looks("search elsewhere") == [sam.pk]


def test_a_search_without_results_writes_no_view(browser, alex):
    browser.post(FIND, {"words": "nobody"})
    assert not AuditLine.objects.filter(verb="view").exists()


def test_a_search_that_finds_twenty_takes_as_many_statements_as_one_that_finds_two(
    browser, alex, sam, django_assert_num_queries, django_assert_max_num_queries
):
    browser.post(FIND, {"words": "reed"})
    with django_assert_max_num_queries(30) as two:
        browser.post(FIND, {"words": "reed"})
    for number in range(18):
        a_client(f"Kim Reed {number}", contact_chosen_at=NOW)
    with django_assert_num_queries(len(two)):
        browser.post(FIND, {"words": "reed"})
