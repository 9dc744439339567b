"""Invalid answers get words and a 4xx, and the values entered stay."""

import pytest

from scheduling.models import Booking
from tests.front.walk import CONTACT, YOU, answer_place, choose, opening_ids, ready


def words_of(response):
    return [words for messages in response.context["form"].errors.values() for words in messages]


def test_choosing_no_place_is_refused_in_words(client, office):
    office.single.modes = ["office", "online"]
    office.single.save()

    response = client.post("/book/s/single/place/", {})

    assert response.status_code == 422
    assert words_of(response) == ["Choose where you would like to meet"]
    assert "<title>Error: Appointments" in response.content.decode()


def test_a_place_that_is_not_offered_is_refused_in_words(client, office):
    office.single.modes = ["office", "online"]
    office.single.save()

    assert client.post("/book/s/single/place/", {"choice": "office:moon"}).status_code == 422


def test_a_question_with_one_answer_is_not_asked(client, office):
    response = client.get("/book/s/single/place/", follow=True)

    assert response.redirect_chain == [("/book/s/single/who/", 302), ("/book/s/single/when/", 302)]


def test_choosing_no_time_is_refused_in_words(client, office):
    answer_place(client, office.single)

    response = client.post("/book/s/single/when/", {})

    assert response.status_code == 422
    assert words_of(response) == ["Choose a time"]


@pytest.mark.parametrize("opening", ["x", "%00", "WyJhIl0", "é" * 10, "a" * 3000])
def test_an_invalid_time_is_refused_in_words(client, office, opening):
    answer_place(client, office.single)

    assert client.post("/book/s/single/when/", {"opening": opening}).status_code == 422


def test_a_time_of_another_service_is_refused(client, office):
    answer_place(client, office.single)

    response = client.post("/book/s/single/when/", {"opening": opening_ids(office.program)[0]})

    assert response.status_code == 422
    assert Booking.objects.count() == 0


@pytest.mark.parametrize("since", ["yesterday", "2027-02-30", "9999999-01-01"])
def test_an_invalid_date_is_a_bad_request(client, office, since):
    assert client.get("/book/s/single/when/", {"from": since}).status_code == 400


def test_dates_far_away_show_suggestions_instead_of_an_empty_page(client, office):
    page = client.get("/book/s/single/when/", {"from": "2031-01-01"}).content.decode()

    assert "Nothing after " in page
    assert "can be booked yet." in page
    assert "Back to the first dates" in page
    assert 'href="tel:+12145550100"' in page


BAD_YOU = [
    ({"name": ""}, "Enter the name we should use for you"),
    ({"name": "x" * 81}, "Use at most 80 characters"),
    ({"email": "alex at example"}, "Enter an email address in the correct format, like name@example.com"),
    ({"phone": "12"}, "Enter a phone number with area code, like 972-555-0100"),
]


@pytest.mark.parametrize(("change", "words"), BAD_YOU)
def test_each_invalid_detail_is_refused_in_words_and_the_rest_is_kept(client, office, change, words):
    choose(client, office.single)

    response = client.post("/book/you/", YOU | {"comfort_note": "a chair without arms"} | change)

    assert response.status_code == 422
    assert words_of(response) == [words]
    assert "a chair without arms" in response.content.decode()


def test_an_error_is_linked_to_its_field_and_to_the_summary(client, office):
    choose(client, office.single)

    page = client.post("/book/you/", YOU | {"name": ""}).content.decode()

    assert '<a href="#id_name">' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page


def test_choosing_texts_requires_a_number(client, office):
    choose(client, office.single)
    client.post("/book/you/", YOU | {"phone": ""})

    response = client.post("/book/contact/", CONTACT | {"ways": ["text"]})

    assert words_of(response) == ["Enter a phone number first, or do not choose text or call"]


def test_choosing_an_invitation_requires_mail(client, office):
    choose(client, office.single)
    client.post("/book/you/", YOU)

    response = client.post("/book/contact/", CONTACT | {"ways": [], "calendar_invites": "yes"})

    assert response.status_code == 422


def test_choosing_no_channel_is_accepted(client, office):
    choose(client, office.single)
    client.post("/book/you/", YOU)

    response = client.post("/book/contact/", CONTACT | {"ways": []})

    assert response.status_code == 302


def test_contact_and_calendar_are_off_until_chosen(client, office):
    choose(client, office.single)
    client.post("/book/you/", YOU)

    page = client.get("/book/contact/").content.decode()

    assert page.count(" checked") == 3  # no voicemail, discreet words, no invitation
    assert 'value="email" ' in page
    assert 'value="no"' in page


def test_a_shared_address_is_always_worded_discreetly(client, office):
    choose(client, office.single)
    client.post("/book/you/", YOU)

    client.post("/book/contact/", CONTACT | {"address_is_shared": "unsure", "wording": "standard"})

    assert client.session["journey"]["contact"]["wording"] == "discreet"


def test_paying_without_agreeing_is_refused_in_words(client, office):
    ready(client, office.single)

    response = client.post("/book/check/", {"shown": client.get("/book/check/").context["shown"]})

    assert response.status_code == 422
    assert words_of(response) == ["Check the box to show that you agree to these terms"]


def test_the_last_page_redirects_to_the_first_missing_page(client, office):
    choose(client, office.single)

    assert client.get("/book/check/").headers["Location"] == "/book/you/"


def test_markup_in_a_name_is_shown_as_text(client, office):
    choose(client, office.single)
    client.post("/book/you/", YOU | {"name": "<script>alert(1)</script>"})
    client.post("/book/contact/", CONTACT)

    page = client.get("/book/check/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
