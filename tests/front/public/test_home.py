"""The home page, and the parts that all pages share."""

import pytest

from scheduling.models import Practice, Service


def test_the_home_page_shows_each_line_with_its_lowest_price(client, office):
    page = client.get("/").content.decode()

    assert "Intensives" in page
    assert "from $4,800" in page
    assert "Counseling" in page
    assert "from $150" in page


def test_a_line_without_services_is_not_offered(client, office):
    assert "Coaching" not in client.get("/").content.decode()


def test_the_home_page_takes_the_same_number_of_statements_for_any_number_of_services(
    client, office, django_assert_num_queries
):
    for number in range(5):
        Service.objects.create(
            slug=f"more-{number}",
            name="More",
            line="counseling",
            party="individual",
            duration_minutes=50,
            modes=["online"],
        )

    with django_assert_num_queries(5):
        client.get("/")


def test_the_title_of_a_page_is_only_the_short_name(client, office):
    assert "<title>Appointments – HEP Appointments</title>" in client.get("/book/").content.decode()


def test_every_page_carries_the_crisis_line_and_asks_not_to_be_indexed(client, office):
    page = client.get("/book/").content.decode()

    assert Practice.objects.get().crisis_words in page
    assert '<meta name="robots" content="noindex">' in page


def test_no_page_names_another_origin(client, office):
    for address in ("/", "/book/", "/staying-private/", "/link/"):
        page = client.get(address).content.decode()
        assert "http://" not in page.replace("http://www.w3.org", "")
        assert "https://" not in page


def test_pages_work_under_a_policy_without_inline_code(client, office):
    response = client.get("/")
    page = response.content.decode()

    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick=" not in page


@pytest.mark.parametrize("line", ["intensive", "counseling"])
def test_the_list_of_one_line_shows_only_that_line(client, office, line):
    ways = client.get("/book/choose/", {"line": line}).context["ways"]

    assert [way.line for way in ways] == [line]


def test_an_unknown_line_shows_all_services(client, office):
    assert len(client.get("/book/choose/", {"line": "<b>"}).context["ways"]) == 2


def test_a_couples_program_is_described_once_for_both_tracks(client, office):
    page = client.get("/book/s/4-day-couple/")

    lines = page.context["pattern"][0].lines
    assert lines[1] == ("11:00 AM to 12:30 PM", "Session, each with your own clinician")


def test_an_unknown_service_is_a_404_in_neutral_words(client, office):
    response = client.get("/book/s/nothing/")

    assert response.status_code == 404
    assert "Page not found" in response.content.decode()
