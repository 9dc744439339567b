"""A search in any office: each start names its offices, the cheapest first, and the chosen one is held."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.models import Price
from scheduling.models import Booking, Service
from tests.factories import NOW, a_clinician, a_couples_office, a_location, a_room
from tests.front.walk import opening_ids, words_of

WHEN, OFFICE = "/book/s/single/when/", "/book/s/single/office/"


@pytest.fixture
def plano(office):
    """A second office for single visits, where a clinician works mornings for $110 instead of $150."""
    plano = a_location("plano")
    a_room(plano)
    office.single.locations.add(plano)
    a_clinician(plano, services=[office.single], level="associate", name="Ash Grove", hours=(540, 720))
    Price.objects.create(service=office.single, level="associate", amount_cents=11_000, valid_from=NOW.date())
    return plano


def times(client, place="office:any"):
    client.post("/book/s/single/place/", {"choice": place})
    client.post("/book/s/single/who/", {"choice": "any"})
    return client.get(WHEN)


def tiles(page):
    return [tile for day in page.context["days"] for part in day.parts for tile in part.tiles]


def test_a_start_at_two_offices_names_both_and_the_lower_price(client, plano):
    page = times(client)

    first = tiles(page)[0]
    assert (first.opening.location, first.where, first.price) == (plano, "Plano or Frisco", "from $110")
    assert "Plano or Frisco" in words_of(page)


def test_a_start_at_one_office_names_it_with_its_price(client, plano):
    page = times(client)

    last = tiles(page)[-1]
    assert (last.where, last.price) == ("Frisco", "$150")


def test_a_start_at_many_offices_names_the_cheapest_and_counts_the_others(client, office, plano):
    two_more(office)

    assert tiles(times(client))[0].where == "Plano or 3 others"


def two_more(office):
    for slug in ("allen", "dallas"):
        more = a_location(slug)
        a_room(more)
        office.single.locations.add(more)
        a_clinician(more, services=[office.single])


def test_each_start_is_listed_once(client, plano):
    starts = [tile.opening.starts_at for tile in tiles(times(client))]

    assert len(starts) == len(set(starts))


def test_choosing_a_start_at_two_offices_asks_for_the_office_cheapest_first(client, plano):
    first = tiles(times(client))[0]

    page = client.post(WHEN, {"opening": first.opening.id}, follow=True)

    words = words_of(page)
    assert page.redirect_chain == [(OFFICE, 302)]
    assert Booking.objects.count() == 0
    assert "At which office on" in words
    assert words.index("$110 · with Ash Grove") < words.index("$150 · with Robin Vale")


def test_the_chosen_office_is_held_at_the_price_shown(client, plano):
    first = tiles(times(client))[0]
    client.post(WHEN, {"opening": first.opening.id})

    onward = client.post(OFFICE, {"opening": first.others[0].opening.id})

    assert onward.headers["Location"] == "/book/you/"
    assert Booking.objects.get().location.slug == "frisco"


def test_a_lost_race_at_the_question_for_the_office_leads_back_to_the_times(client, plano):
    first = tiles(times(client))[0]
    client.post(WHEN, {"opening": first.opening.id})
    other = Client()
    times(other)
    other.post(OFFICE, {"opening": first.opening.id})

    page = client.post(OFFICE, {"opening": first.opening.id})

    assert page.status_code == 409
    assert f'<form method="post" action="{WHEN}" class="stack"' in page.content.decode()


def test_a_start_at_one_office_is_held_at_once(client, plano):
    last = tiles(times(client))[-1]

    onward = client.post(WHEN, {"opening": last.opening.id})

    assert onward.headers["Location"] == "/book/you/"


def test_choosing_no_office_is_refused_in_words(client, plano):
    client.post(WHEN, {"opening": tiles(times(client))[0].opening.id})

    page = client.post(OFFICE, {})

    assert page.status_code == 422
    assert page.context["form"].errors["opening"] == ["Choose an office"]
    assert "$110 · with Ash Grove" in words_of(page)


def test_the_office_is_not_asked_before_a_time_is_chosen(client, plano):
    times(client)

    assert client.get(OFFICE).headers["Location"] == WHEN


def test_an_invalid_office_is_refused_in_words(client, plano):
    client.post(WHEN, {"opening": tiles(times(client))[0].opening.id})

    page = client.post(OFFICE, {"opening": "x"})

    assert page.status_code == 422


def test_an_online_start_shows_the_lowest_price_and_no_office(client, office, plano):
    office.single.modes = ["office", "online"]
    office.single.save()

    page = times(client, "online")

    first = tiles(page)[0]
    assert first.price == "$110"
    assert "Plano" not in words_of(page)
    assert client.post(WHEN, {"opening": first.opening.id}).headers["Location"] == "/book/you/"


def test_the_days_of_an_intensive_are_shown_for_each_office(client, office):
    other, program = a_couples_office_beside(office)
    client.post(f"/book/s/{program.slug}/place/", {"choice": "office:any"})

    page = client.get(f"/book/s/{program.slug}/when/")

    first, second = page.context["ranges"][:2]
    assert first.opening.starts_at == second.opening.starts_at
    assert {first.opening.location, second.opening.location} == {office.location, other}


def a_couples_office_beside(office):
    """A second office with a team of its own for the same program."""
    slug = office.program.slug
    Service.objects.filter(pk=office.program.pk).update(slug="moved")
    other, spare = a_couples_office("plano")
    Service.objects.filter(pk=spare.pk).update(slug="spare", is_active=False)
    Service.objects.filter(pk=office.program.pk).update(slug=slug)
    office.program.locations.add(other)
    return other, office.program


def test_alternatives_name_their_office_only_for_visits_in_person(client, office, plano):
    office.single.modes = ["online"]
    office.single.save()
    lost = opening_ids(office.single)[0]
    times(client, "online")
    client.post(WHEN, {"opening": lost})
    other = Client()
    times(other, "online")

    page = other.post(WHEN, {"opening": lost})

    assert page.status_code == 409
    assert "Frisco" not in words_of(page)


def test_more_offices_take_the_same_number_of_statements(client, office, plano):
    times(client)
    with CaptureQueriesContext(connection) as of_two:
        client.get(WHEN)
    two_more(office)

    with CaptureQueriesContext(connection) as of_four:
        client.get(WHEN)

    assert len(of_four) == len(of_two) < 27
