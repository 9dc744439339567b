"""Locations, services and openings: public, priced, on local dates."""

from datetime import datetime

import pytest

from tests.factories import MONDAY, a_clinician, a_location, a_service, in_days

from .conftest import API, is_problem, week

pytestmark = pytest.mark.django_db


def test_locations_are_listed_with_their_zone(api, office):
    found = api.get(f"{API}locations/").json()

    assert [(row["slug"], row["zone"]) for row in found] == [("frisco", "America/Chicago")]


def test_a_service_has_price_deposit_days_and_offices(api, office):
    found = {row["slug"]: row for row in api.get(f"{API}services/").json()}

    program = found["4-day-couple"]
    assert (program["line"], program["party"], program["days"], program["duration_minutes"]) == (
        "intensive",
        "couple",
        4,
        None,
    )
    assert program["price"] == {"amount_cents": 480_000, "currency": "usd"}
    assert program["deposit"] == {"amount_cents": 120_000, "currency": "usd"}
    assert program["locations"] == [{"slug": "frisco", "name": "Frisco"}]
    assert (found["single"]["days"], found["single"]["duration_minutes"]) == (None, 50)


def test_openings_have_the_offset_of_their_location(api, office):
    found = api.get(f"{API}services/single/openings/", week()).json()

    first = found["openings"][0]
    assert first["starts_at"] == "2027-02-08T09:00:00-06:00"
    assert first["ends_at"] == "2027-02-08T09:50:00-06:00"
    assert first["clinicians"] == [{"slug": "robin-vale", "name": "Robin Vale"}]
    assert found["next"] is None


def test_an_opening_of_a_program_has_its_days_and_blocks(api, office):
    found = api.get(f"{API}services/4-day-couple/openings/", week()).json()

    first = found["openings"][0]
    assert [day["date"] for day in first["days"]] == ["2027-02-08", "2027-02-09", "2027-02-10", "2027-02-11"]
    assert {block["attends"] for block in first["days"][0]["blocks"]} == {"both", "A", "B"}
    assert first["deposit"]["amount_cents"] == 120_000


def test_an_empty_window_names_the_next_date(api, office):
    saturday = MONDAY + in_days(5)

    found = api.get(
        f"{API}services/single/openings/",
        {"from": saturday.isoformat(), "to": (saturday + in_days(2)).isoformat()},
    ).json()

    assert found == {"openings": [], "next": "2027-02-15"}


def test_to_is_exclusive(api, office):
    found = api.get(
        f"{API}services/single/openings/",
        {"from": MONDAY.isoformat(), "to": (MONDAY + in_days(1)).isoformat()},
    ).json()

    assert {datetime.fromisoformat(row["starts_at"]).date() for row in found["openings"]} == {MONDAY}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "from"),
        ({"from": "2027-02-08"}, "to"),
        (week(to="2027-02-08"), "to"),
        (week(to="2027-02-01"), "to"),
        (week(to="2027-08-14"), "to"),
        (week(to="8/14/2027"), "to"),
        (week(**{"from": "2027-02-08T00:00:00"}), "from"),
        (week(**{"from": "２０２７-02-08"}), "from"),
        (week(**{"from": "0001-01-01", "to": "0001-01-02"}), "from"),
        (week(**{"from": "9999-12-30", "to": "9999-12-31"}), "from"),
        (week(mode="carrier-pigeon"), "mode"),
        (week(location="atlantis"), "location"),
        (week(clinician="nobody"), "clinician"),
        (week(location="../frisco"), "location"),
        (week(limit="1"), "limit"),
        (week(format="xml"), "format"),
    ],
)
def test_an_invalid_query_is_refused_in_words(api, office, query, field):
    response = api.get(f"{API}services/single/openings/", query)

    assert is_problem(response, 400)
    assert field in response.json()["errors"]


def test_186_days_are_answered_and_187_are_refused(api, office):
    def ask(days):
        until = (MONDAY + in_days(days)).isoformat()
        return api.get(f"{API}services/single/openings/", week(to=until)).status_code

    assert (ask(186), ask(187)) == (200, 400)


def test_a_parameter_given_twice_is_refused(api, office):
    response = api.get(f"{API}services/single/openings/?from=2027-02-08&to=2027-02-10&from=2027-02-09")

    assert is_problem(response, 400)


def test_a_nul_in_a_query_is_refused(api, office):
    response = api.get(f"{API}services/single/openings/", week(location="fri\x00sco"))

    assert is_problem(response, 400)


def test_an_inactive_service_is_a_404(api, office):
    office.single.is_active = False
    office.single.save()

    assert is_problem(api.get(f"{API}services/single/openings/", week()), 404)


def test_openings_take_as_many_statements_for_three_clinicians_as_for_one(
    api, office, django_assert_max_num_queries, django_assert_num_queries
):
    url = f"{API}services/single/openings/"
    api.get(url, week())
    with django_assert_max_num_queries(18) as seen:
        api.get(url, week())
    for _ in range(2):
        a_clinician(office.location, services=[office.single])

    with django_assert_num_queries(len(seen)):
        api.get(url, week())


def test_services_take_as_many_statements_for_many_as_for_two(
    api, office, django_assert_max_num_queries, django_assert_num_queries
):
    with django_assert_max_num_queries(6) as seen:
        api.get(f"{API}services/")
    for _ in range(3):
        a_service(locations=[office.location, a_location()])

    with django_assert_num_queries(len(seen)):
        api.get(f"{API}services/")


def test_too_many_searches_from_one_network_are_a_429_with_retry_after_F140(api, office, settings):
    settings.LIMITS = {**settings.LIMITS, "openings_per_address": 2}
    url = f"{API}services/single/openings/"
    for _ in range(2):
        assert api.get(url, week()).status_code == 200

    response = api.get(url, week())

    assert is_problem(response, 429)
    assert 0 < int(response.headers["Retry-After"]) <= 3600
