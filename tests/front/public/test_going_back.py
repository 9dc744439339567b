"""Back leads to the question before this one, never in a circle. Errors name what to choose."""

import pytest

from tests.factories import a_clinician, a_location
from tests.front.walk import answer_place


def back_of(client, address):
    return client.get(address).context["back"]


def test_without_a_question_before_the_times_back_leads_to_the_service(client, office):
    assert back_of(client, "/book/s/single/when/") == "/book/s/single/"


def test_for_a_program_back_from_the_times_leads_to_the_place(client, office):
    office.program.locations.add(a_location("plano"))
    answer_place(client, office.program)

    assert back_of(client, "/book/s/4-day-couple/when/") == "/book/s/4-day-couple/place/"


def test_with_one_place_back_from_the_people_leads_to_the_service(client, office):
    two_people(office)

    assert back_of(client, "/book/s/single/who/") == "/book/s/single/"


def test_back_from_the_times_leads_to_the_question_for_the_person_if_asked(client, office):
    two_people(office)
    answer_place(client, office.single)

    assert back_of(client, "/book/s/single/when/") == "/book/s/single/who/"


def two_people(office):
    a_clinician(office.location, services=[office.single])


@pytest.mark.parametrize(("slug", "words"), [("single", "Choose a time"), ("4-day-couple", "Choose your days")])
def test_an_error_names_what_to_choose(client, office, slug, words):
    page = client.post(f"/book/s/{slug}/when/", {})

    assert page.context["form"].errors["opening"] == [words]
