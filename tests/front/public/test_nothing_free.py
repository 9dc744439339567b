"""Where nothing is free: until when we looked, and only ways on that exist."""

from datetime import date

import pytest

from scheduling.models import Service, WorkingHours
from tests.factories import a_location, a_service
from tests.scheduling.groups import a_place_for_groups


@pytest.fixture
def nobody(office):
    """Robin Vale, who is the only one for single visits, works no more."""
    WorkingHours.objects.all().delete()
    return office


def page_at(client, choice, slug="single", **asked):
    client.post(f"/book/s/{slug}/place/", {"choice": choice})
    client.post(f"/book/s/{slug}/who/", {"choice": "any"})
    return " ".join(client.get(f"/book/s/{slug}/when/", asked).content.decode().split())


def test_it_says_until_when_we_looked(client, nobody):
    nobody.single.horizon_days = 90
    nobody.single.save()

    page = page_at(client, "office:frisco")

    assert "No times are free until Sunday, May 2. Nothing later can be booked yet." in page


def test_with_a_time_later_on_it_says_which_weeks_have_none_and_leads_there(client, office):
    office.single.notice_minutes = 21 * 24 * 60
    office.single.save()

    page = page_at(client, "office:frisco")

    assert "No times are free from Monday, February 1 to Sunday, February 14." in page
    assert "?from=2027-02-22" in page


def test_with_one_office_and_no_other_way_to_meet_neither_is_promised(client, nobody):
    page = page_at(client, "office:frisco")

    assert "Look for times" not in page
    assert "another place" not in page
    assert "/book/s/single/place/" not in page.split("<h1")[1]


def test_another_office_is_offered_where_there_is_one(client, nobody):
    nobody.single.locations.add(a_location("plano"))

    assert "Look for times at another office<" in page_at(client, "office:frisco")


def test_an_office_that_is_closed_for_good_is_no_other_office(client, nobody):
    nobody.single.locations.add(a_location("plano", is_active=False))

    assert "Look for times" not in page_at(client, "office:frisco")


def test_after_any_office_no_other_is_promised(client, nobody):
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
def test_only_ways_to_meet_that_the_service_has_are_offered(client, nobody, modes, chosen, words):
    nobody.single.modes = modes
    nobody.single.save()

    assert words in page_at(client, chosen)


def test_the_phone_is_always_there(client, nobody):
    assert 'Call <a class="nowrap" href="tel:+12145550100">(214) 555-0100</a>' in page_at(client, "office:frisco")


def test_a_call_is_offered_only_where_somebody_can_be_asked_for_one(client, nobody):
    assert "Let us call you" not in page_at(client, "office:frisco")

    a_service("first-call", locations=[nobody.location], kind="first call", booking_mode="call_first", modes=["phone"])

    assert "Let us call you" in page_at(client, "office:frisco")


def test_a_program_is_never_looked_for_online(client, office):
    plano = a_location("plano")
    Service.objects.filter(pk=office.program.pk).update(modes=["office", "online"])
    office.program.locations.add(plano)

    page = client.get(f"/book/s/{office.program.slug}/place/")

    assert [key for key, _words in page.context["form"].fields["choice"].choices] == [
        "office:any",
        "office:frisco",
        "office:plano",
    ]


def test_a_group_without_a_seat_is_told_as_a_group(client, office):
    groups = a_place_for_groups()

    page = page_at(client, f"office:{groups.office.slug}", slug=groups.service.slug)

    assert "No group has a seat left until" in page


def test_behind_the_last_times_it_says_from_when_there_are_none(client, office):
    office.single.horizon_days = 90
    office.single.save()
    WorkingHours.objects.update(valid_until=date(2027, 2, 28))

    page = page_at(client, "office:frisco", **{"from": "2027-03-08"})

    assert "No times are free from Monday, March 8 to Sunday, May 2. Nothing later can be booked yet." in page


def test_behind_the_horizon_it_says_where_that_is(client, office):
    office.single.horizon_days = 90
    office.single.save()

    page = page_at(client, "office:frisco", **{"from": "2028-03-08"})

    assert "Nothing after Sunday, May 2 can be booked yet." in page
