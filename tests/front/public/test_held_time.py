"""The page of times with a held time: it is shown as held, and can be continued or released."""

from datetime import timedelta

import time_machine
from django.test import Client

from scheduling.models import Booking, WorkingHours
from tests.factories import NOW
from tests.front.walk import CONTACT, YOU, answer_place, choose, ready, words_of

WHEN, LET_GO = "/book/s/single/when/", "/book/s/single/let-go/"


def listed(page):
    return {tile.opening.id for day in page.context["days"] for part in day.parts for tile in part.tiles}


def test_the_held_time_is_shown_with_buttons_to_continue_and_to_release(client, office):
    choose(client, office.single)

    page = words_of(client.get(WHEN))

    assert "Monday, February 8, 9:00 AM to 9:50 AM" in page
    assert "We are holding this for you until 9:15 AM." in page
    assert 'href="/book/check/"' in page
    assert f'action="{LET_GO}"' in page


def test_another_browser_does_not_see_the_held_time(client, office):
    choose(client, office.single)
    other = Client()
    answer_place(other, office.single)

    assert "We are holding" not in words_of(other.get(WHEN))


def test_a_hold_that_has_ended_is_not_shown_as_held(client, office):
    choose(client, office.single)

    with time_machine.travel(NOW + timedelta(minutes=20), tick=False):
        page = client.get(WHEN)

    assert page.context["held"] is None
    assert Booking.objects.get().opening in listed(page)


def test_a_hold_of_another_service_is_shown_too(client, office):
    choose(client, office.program)

    page = words_of(client.get(WHEN))

    assert "You are holding a time for 4-Day-Couple." in page
    assert "If you choose another time, we release this one." in page


def test_releasing_frees_the_time_and_leads_back_to_the_times(client, office):
    choose(client, office.single)
    booking = Booking.objects.get()

    page = client.post(LET_GO, follow=True)

    booking.refresh_from_db()
    assert booking.status == "released"
    assert booking.opening in listed(page)
    assert page.context["held"] is None


def test_a_released_time_is_not_held_again_by_a_page_left_open(client, office):
    ready(client, office.single)
    client.post(LET_GO)

    answers = [client.post("/book/you/", YOU), client.post("/book/contact/", CONTACT), client.get("/book/check/")]

    assert [one.headers["Location"] for one in answers] == [WHEN] * 3
    assert Booking.objects.filter(status="held").count() == 0


def test_details_stay_after_releasing(client, office):
    ready(client, office.single)
    client.post(LET_GO)

    choose(client, office.single)

    assert client.get("/book/you/").context["form"].initial["name"] == "Alex Example"


def test_releasing_without_a_hold_leads_to_the_times(client, office):
    answer_place(client, office.single)

    assert client.post(LET_GO).headers["Location"] == WHEN


def test_a_get_request_releases_nothing(client, office):
    choose(client, office.single)

    assert client.get(LET_GO).status_code == 405
    assert Booking.objects.get().status == "held"


def test_another_browser_cannot_release_the_hold(client, office):
    choose(client, office.single)
    other = Client()
    session = other.session
    session["journey"] = dict(client.session["journey"])
    session.save()

    other.post(LET_GO)

    assert Booking.objects.get().status == "held"


def test_the_time_stays_held_and_the_page_says_so_if_the_provider_is_down(client, office, settings, payments):
    booking = ready(client, office.single)
    shown = client.get("/book/check/").context["shown"]
    client.post("/book/check/", {"accept_policy": "on", "shown": shown})
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    page = client.post(LET_GO)

    booking.refresh_from_db()
    assert page.status_code == 503
    assert "Your time is still held." in words_of(page)
    assert booking.status == "held"


def test_with_the_last_time_held_the_page_says_no_other_is_free(client, office):
    choose(client, office.single)
    WorkingHours.objects.all().delete()

    page = words_of(client.get(WHEN))

    assert "No other times are free" in page
    assert "We are holding this for you until 9:15 AM." in page


def test_the_day_of_the_held_time_is_not_called_empty(client, office):
    WorkingHours.objects.filter(clinician__slug="robin-vale", weekday=0).update(ends_minute=600)
    choose(client, office.single)

    page = words_of(client.get(WHEN))

    assert "No other times from Saturday, February 6 to Monday, February 8" in page


def test_releasing_a_booking_paid_too_late_leads_to_its_own_page(client, office):
    booking = ready(client, office.single)
    for status in ("expired", "paid_conflict"):
        Booking.objects.filter(pk=booking.pk).update(status=status)

    onward = client.post(LET_GO)

    assert onward.headers["Location"] == f"/booking/{booking.reference}/done/"
