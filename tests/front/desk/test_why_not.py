"""“Why not?” at the desk."""

import re

import pytest

from scheduling.models import Booking, ProgramRole
from scheduling.operations.bookings.hold import hold as take
from tests.factories import MONDAY, NOW, a_client, a_clinician, a_location, a_room, a_stranger, in_days, openings_of

from .conftest import booked, opening_ids

ADDRESS = "/desk/book/why-not/"
SATURDAY = MONDAY + in_days(5)


@pytest.fixture
def client(office):
    return a_client("Alex Reed", may_email=True, email="alex@example.com", contact_chosen_at=NOW)


@pytest.fixture
def ask(browser, client):
    """Ask about a date for Alex, at Frisco."""

    def asked(on, service="single", **more):
        criteria = {"client": client.pk, "service": service, "office": "frisco", "on": getattr(on, "isoformat", str)()}
        return browser.get(ADDRESS, criteria | more)

    return asked


def take_all(service, day, **where):
    """Hold every opening that starts on a date."""
    while found := openings_of(service=service, first=day, until=day + in_days(1), now=NOW, **where):
        take(opening=found[0].id, by=a_stranger(str(found[0].starts_at)), now=NOW, hold_minutes=60 * 24 * 30)


def test_a_date_on_which_nobody_works_is_shown_with_its_obstacles(ask):
    response = ask(SATURDAY)
    assert "Why not on Saturday, February 13?" in response.content.decode()
    (day,) = response.context["blocked"]
    assert day.words == "Saturday, February 13"
    assert day.stretches[0].words


def test_nearby_days_show_their_number_of_times_and_link_to_them(ask, browser):
    strip = ask(SATURDAY).context["strip"]
    assert [(day.date.isoformat(), bool(day.count)) for day in strip[:7]] == [
        ("2027-02-10", True),
        ("2027-02-11", True),
        ("2027-02-12", True),
        ("2027-02-13", False),
        ("2027-02-14", False),
        ("2027-02-15", True),
        ("2027-02-16", True),
    ]
    assert "Monday, February 15" in browser.get(strip[5].address).content.decode()


def test_nearby_days_are_never_in_the_past(ask):
    assert ask(NOW.date()).context["strip"][0].date == NOW.date()


def test_a_free_date_offers_its_times_to_hold(ask, browser, client):
    response = ask(MONDAY)
    assert not response.context["blocked"]
    first = response.context["near"][0]
    assert f'value="{first.opening.id}"' in response.content.decode()
    criteria = {"client": client.pk, "service": "single", "office": "frisco", "opening": first.opening.id}
    browser.post("/desk/book/hold/", criteria)
    assert Booking.objects.get().opening == first.opening.id


def test_the_address_holds_only_ids_slugs_and_dates(ask):
    shown = ask(SATURDAY).content.decode()
    addresses = re.findall(r'href="(/desk/book/[^"]*)"', shown)
    assert len(addresses) > 14
    for address in addresses:
        assert "Alex" not in address
        assert "Reed" not in address


def test_a_full_date_names_the_blocks_of_the_program_in_order(ask, office):
    take_all(office.program, MONDAY)
    blocked = ask(MONDAY, office.program.slug).context["blocked"]
    titles = [one.title for day in blocked for one in day.stretches if one.title]
    assert titles
    assert all(re.fullmatch(r"Session, \d+:\d\d [AP]M to \d+:\d\d [AP]M", title) for title in titles)


def test_a_change_that_can_be_booked_is_held_like_any_time(ask, office, browser, client):
    take_all(office.single, MONDAY)
    response = ask(MONDAY)
    found = next(one.near for one in response.context["openers"] if one.near)
    criteria = {"client": client.pk, "service": "single", "office": "frisco", "opening": found.opening.id}
    assert f'value="{found.opening.id}"' in response.content.decode()
    assert browser.post("/desk/book/hold/", criteria).status_code == 302
    assert Booking.objects.latest("pk").participants.get().client == client


def test_a_change_that_staff_must_make_has_no_button(ask, office):
    ProgramRole.objects.get(slug="lead").clinicians.clear()
    response = ask(MONDAY, office.program.slug)
    assert not [one for one in response.context["openers"] if one.near and one.change.kind == "exception"]
    assert response.content.decode().count("Needs a decision") == sum(
        one.near is None for one in response.context["openers"]
    )


def test_why_not_names_no_other_client(ask, office):
    for number, name in enumerate(("Kimberline Example", "Leeward Example")):
        booked(opening_ids(office.single)[number * 4], a_client(name))
    take_all(office.single, MONDAY)
    shown = ask(MONDAY).content.decode()
    for words in ("Kimberline", "Leeward", *Booking.objects.values_list("reference", flat=True)):
        assert words not in shown, words


@pytest.mark.parametrize("on", ["", "soon", "2027-02-30", "9999-12-31", "0001-01-01"])
def test_a_missing_or_unreasonable_date_is_an_error_and_other_choices_stay(browser, client, on):
    response = browser.get(ADDRESS, {"client": client.pk, "service": "single", "office": "frisco", "on": on})
    shown = response.content.decode()
    assert response.status_code == 422
    assert "Enter" in str(response.context["why"].errors["on"])
    assert shown.count("There is a problem") == 1
    assert "Alex Reed" in shown


def test_why_not_without_a_client_or_service_leads_back_to_that_question(browser, client):
    for criteria in ({"service": "single", "office": "frisco"}, {"client": client.pk}):
        response = browser.get(ADDRESS, {**criteria, "on": MONDAY.isoformat()})
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/desk/book/")


def test_an_office_of_another_desk_cannot_be_chosen(browser, client):
    a_location("dallas")
    criteria = {"client": client.pk, "service": "single", "office": "dallas", "on": MONDAY.isoformat()}
    assert browser.get(ADDRESS, criteria).status_code == 302


def test_why_not_takes_as_many_statements_for_a_large_practice_as_for_a_small_one(
    ask, office, django_assert_max_num_queries, django_assert_num_queries
):
    take_all(office.single, MONDAY)
    ask(MONDAY)
    with django_assert_max_num_queries(80) as one:
        ask(MONDAY)
    for _ in range(3):
        a_room(office.location)
        a_clinician(office.location, services=[office.single], hours=None)
    with django_assert_num_queries(len(one)):
        ask(MONDAY)


def test_the_page_of_times_asks_for_the_date(browser, client):
    shown = browser.get(f"/desk/book/?client={client.pk}&service=single&office=frisco").content.decode()
    form = re.search(rf'<form method="get" action="{ADDRESS}".*?</form>', shown, re.S)[0]
    assert re.findall(r'name="(\w+)"', form) == ["client", "service", "office", "on"]


def test_openings_of_another_desks_office_are_shown_but_cannot_be_held_F146(ask, office):
    there = a_location("plano")
    a_room(there)
    office.single.locations.add(there)
    a_clinician(there, services=[office.single], name="Wren Plano")
    take_all(office.single, MONDAY, location=office.location)

    response = ask(MONDAY)

    elsewhere = [
        one for one in response.context["openers"] if one.change.opening and one.change.opening.location == there
    ]
    assert elsewhere
    assert [one.near for one in elsewhere] == [None] * len(elsewhere)
    assert "Wren Plano" in response.content.decode()
