"""A visitor who changes to another service while booking."""

from scheduling.models import Booking
from tests.front.walk import agree, answer_place, choose, fill_in, ready

PARTNER = {"name": "Sam", "email": "sam@example.com"}


def test_a_partner_entered_for_a_couple_is_left_out_of_a_service_for_one(client, office, payments):
    ready(client, office.program, partner=PARTNER)
    choose(client, office.single)
    fill_in(client)

    agree(client)

    people = Booking.objects.latest("pk").participants.select_related("client")
    assert [person.client.name_to_use for person in people] == ["Alex Example"]


def test_the_last_page_shows_no_partner_for_a_service_for_one(client, office):
    ready(client, office.program, partner=PARTNER)
    choose(client, office.single)
    fill_in(client)

    page = client.get("/book/check/").content.decode()

    assert "Your partner" not in page


def test_viewing_another_service_does_not_skip_the_question_for_the_partner(client, office):
    choose(client, office.program)
    fill_in(client)

    office.single.modes = ["office", "online"]
    office.single.save()
    answer_place(client, office.single)

    assert client.get("/book/check/")["Location"] == "/book/partner/"
