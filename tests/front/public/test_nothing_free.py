"""A page without free times shows the dates searched and only suggestions that exist."""

from datetime import date

import pytest

from scheduling.models import Service, WorkingHours
from tests.factories import a_location, a_service
from tests.scheduling.groups import a_place_for_groups


@pytest.fixture
def nobody(office):
    """Robin Vale, the only clinician for single visits, has left."""
    WorkingHours.objects.all().delete()
    return office


def page_at(client, choice, slug="single", **asked):
    client.post(f"/book/s/{slug}/place/", {"choice": choice})
    client.post(f"/book/s/{slug}/who/", {"choice": "any"})
    return " ".join(client.get(f"/book/s/{slug}/when/", asked).content.decode().split())


def test_an_empty_page_shows_the_dates_searched(client, nobody):
    nobody.single.horizon_days = 90
    nobody.single.save()

    page = page_at(client, "office:frisco")

    assert "No times are free until Sunday, May 2. Nothing later can be booked yet." in page


def test_an_empty_page_with_later_times_names_the_empty_dates_and_links_to_the_next(client, office):
    office.single.notice_minutes = 21 * 24 * 60
    office.single.save()

    page = page_at(client, "office:frisco")

    assert "No times are free from Monday, February 1 to Sunday, February 14." in page
    assert "?from=2027-02-22" in page


def test_an_empty_page_suggests_no_other_office_or_mode_if_there_is_none(client, nobody):
    page = page_at(client, "office:frisco")

    assert "Look for times" not in page
    assert "another place" not in page
    assert "/book/s/single/place/" not in page.split("<h1")[1]


def test_an_empty_page_suggests_another_office_if_there_is_one(client, nobody):
    nobody.single.locations.add(a_location("plano"))

    assert "Look for times at another office<" in page_at(client, "office:frisco")


def test_an_inactive_office_is_not_suggested(client, nobody):
    nobody.single.locations.add(a_location("plano", is_active=False))

    assert "Look for times" not in page_at(client, "office:frisco")


def test_no_other_office_is_suggested_after_a_search_in_any_office(client, nobody):
    nobody.single.locations.add(a_location("plano"))

    assert "Look for times" not in page_at(client, "office:any")


@pytest.mark.parametrize(
    ("modes", "chosen", "words"),
    [
        (["office", "online"], "office:frisco", "Look for times online<"),
        (["office", "online", "phone"], "office:frisco", "Look for times online or by phone<"),
        (["office", "online"], "online", "Look for times at our office<"),
        (["online", "phone"], "online", "Look for times by phone<"),
    ],
)
def test_only_modes_of_the_service_are_suggested(client, nobody, modes, chosen, words):
    nobody.single.modes = modes
    nobody.single.save()

    assert words in page_at(client, chosen)


def test_an_empty_page_always_shows_the_phone_number(client, nobody):
    assert 'Call <a class="nowrap" href="tel:+12145550100">(214) 555-0100</a>' in page_at(client, "office:frisco")


def test_a_call_is_suggested_only_if_it_can_be_asked_for(client, nobody):
    assert "Let us call you" not in page_at(client, "office:frisco")

    a_service("first-call", locations=[nobody.location], kind="first call", booking_mode="call_first", modes=["phone"])

    assert "Let us call you" in page_at(client, "office:frisco")


def test_a_program_is_never_suggested_online(client, office):
    plano = a_location("plano")
    Service.objects.filter(pk=office.program.pk).update(modes=["office", "online"])
    office.program.locations.add(plano)

    page = client.get(f"/book/s/{office.program.slug}/place/")

    assert [key for key, _words in page.context["form"].fields["choice"].choices] == [
        "office:any",
        "office:frisco",
        "office:plano",
    ]


def test_a_full_group_is_called_a_group_on_an_empty_page(client, office):
    groups = a_place_for_groups()

    page = page_at(client, f"office:{groups.office.slug}", slug=groups.service.slug)

    assert "No group has a seat left until" in page


def test_a_page_after_the_last_times_says_from_when_none_are_free(client, office):
    office.single.horizon_days = 90
    office.single.save()
    WorkingHours.objects.update(valid_until=date(2027, 2, 28))

    page = page_at(client, "office:frisco", **{"from": "2027-03-08"})

    assert "No times are free from Monday, March 8 to Sunday, May 2. Nothing later can be booked yet." in page


def test_a_page_past_the_horizon_names_the_last_bookable_date(client, office):
    office.single.horizon_days = 90
    office.single.save()

    page = page_at(client, "office:frisco", **{"from": "2028-03-08"})

    assert "Nothing after Sunday, May 2 can be booked yet." in page
