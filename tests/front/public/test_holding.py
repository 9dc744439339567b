"""The hold while a visitor enters details: taken, extended, lost or released."""

from datetime import timedelta

import time_machine
from django.test import Client

from billing.models import Price
from scheduling.models import Booking
from scheduling.operations.bookings.hold import hold
from tests.factories import NOW, a_stranger
from tests.front.walk import CONTACT, YOU, agree, answer_place, choose, fill_in, opening_ids, ready


def test_choosing_a_time_holds_it_for_this_browser(client, office):
    choose(client, office.single)

    booking = Booking.objects.get()
    assert booking.status == "held"
    assert booking.hold_expires_at == NOW + timedelta(minutes=15)


def test_the_deadline_of_the_hold_is_shown_in_the_locations_zone(client, office):
    choose(client, office.single)

    page = client.get("/book/you/").content.decode()

    assert "We are holding this for you until 9:15 AM. There is no rush." in page


def test_answering_a_page_extends_the_hold(client, office):
    choose(client, office.single)

    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        client.post("/book/you/", YOU)

    assert Booking.objects.get().hold_expires_at == NOW + timedelta(minutes=25)


def test_more_time_extends_the_hold_to_at_most_an_hour(client, office):
    ready(client, office.single)

    for minutes in (14, 28, 42, 56):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            client.post("/book/more-time/")

    assert Booking.objects.get().hold_expires_at == NOW + timedelta(minutes=60)


def test_choosing_another_time_releases_the_first(client, office):
    first, second = opening_ids(office.single)[0], opening_ids(office.single)[8]
    choose(client, office.single, first)

    choose(client, office.single, second)

    assert list(Booking.objects.order_by("pk").values_list("status", flat=True)) == ["released", "held"]


def test_a_lost_time_is_a_409_with_the_nearest_times(client, office):
    opening = opening_ids(office.single)[0]
    hold(opening=opening, by=a_stranger(), now=NOW)

    response = choose(client, office.single, opening)

    assert response.status_code == 409
    assert "Someone else has just taken Mon, Feb 8, 9:00 AM." in response.content.decode()
    assert len(response.context["near"]) == 3


def test_an_expired_hold_is_taken_again_while_the_time_is_free(client, office):
    ready(client, office.single)

    with time_machine.travel(NOW + timedelta(minutes=40), tick=False):
        page = client.get("/book/contact/").content.decode()
        response = client.post("/book/contact/", CONTACT)

    assert "Your hold on this time has ended. Your details are still here." in page
    assert response.status_code == 302
    assert Booking.objects.latest("pk").hold_expires_at == NOW + timedelta(minutes=55)


def test_a_time_cannot_be_kept_for_hours_by_taking_it_again_F19(client, office):
    ready(client, office.single)

    answers = []
    for again in range(1, 6):
        with time_machine.travel(NOW + timedelta(minutes=40 * again), tick=False):
            answers.append(client.post("/book/more-time/"))

    assert [one.status_code for one in answers] == [302, 302, 302, 429, 429]
    assert "We cannot hold this time any longer." in answers[-1].content.decode()


def test_an_expired_hold_whose_time_is_gone_shows_the_nearest_and_keeps_the_details(client, office):
    booking = ready(client, office.single)
    later = NOW + timedelta(minutes=40)
    hold(opening=booking.opening, by=a_stranger(), now=later)

    with time_machine.travel(later, tick=False):
        response = client.post("/book/more-time/")
        typed = client.get("/book/you/")

    assert response.status_code == 409
    assert "Your details are still here" in response.content.decode()
    assert typed.context["form"].initial["name"] == "Alex Example"


def test_another_browser_cannot_open_the_hold(client, office):
    ready(client, office.single)
    other = Client()
    session = other.session
    session["journey"] = dict(client.session["journey"])
    session["holder"] = "somebody else"
    session.save()

    response = other.get("/book/check/")

    assert response.headers["Location"] == "/ended/"


def test_a_price_that_changed_is_shown_and_must_be_agreed_to_again(client, office):
    booking = ready(client, office.single)
    shown = client.get("/book/check/").context["shown"]
    Price.objects.filter(service=office.single).update(amount_cents=16_000)

    response = client.post("/book/check/", {"accept_policy": "on", "shown": shown})

    booking.refresh_from_db()
    assert response.status_code == 409
    assert "The price changed while you were booking." in response.content.decode()
    assert "Pay $160 and book" in response.content.decode()
    assert booking.status == "held"


def test_the_price_never_comes_from_the_client(client, office, payments):
    ready(client, office.single)

    response = client.post("/book/check/", {"accept_policy": "on", "shown": "1-1"})

    assert response.status_code == 409


def test_a_couple_is_asked_for_the_partner_and_a_single_person_is_not(client, office):
    choose(client, office.single)
    fill_in(client)
    assert client.get("/book/partner/").headers["Location"] == "/book/check/"

    choose(client, office.program)
    assert client.get("/book/partner/").status_code == 200
    assert client.get("/book/check/").headers["Location"] == "/book/partner/"


def test_the_page_of_times_takes_a_fixed_number_of_statements(client, office, django_assert_max_num_queries):
    answer_place(client, office.single)

    with django_assert_max_num_queries(24):
        client.get("/book/s/single/when/")


def test_the_time_stays_held_and_the_page_says_so_if_the_provider_is_down(client, office, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    booking = ready(client, office.single)

    response = agree(client)

    booking.refresh_from_db()
    assert response.status_code == 503
    assert "The payment page cannot be reached right now. Your time is still held." in response.content.decode()
    assert booking.status == "held"
