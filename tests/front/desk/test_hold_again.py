"""A hold sent twice, by a double click or after a lost answer, leads to the page of the first (F23)."""

import pytest

from scheduling.models import Booking
from scheduling.operations.bookings.hold import hold_for
from scheduling.operations.clients import Person
from tests.factories import NOW, a_client, an_actor

from .conftest import opening_ids
from .test_booking import commit, hold
from .tuesdays import THIRD
from .tuesdays import hold as hold_dates


@pytest.fixture
def opening(office):
    return opening_ids(office.single)[0]


def leads_to(answer):
    return answer.status_code, answer.headers.get("Location")


def page_of(booking):
    return 302, f"/desk/bookings/{booking.reference}/"


def test_a_hold_sent_again_leads_to_the_page_of_the_hold(browser, opening, alex):
    hold(browser, opening, client=alex.pk)
    again = hold(browser, opening, client=alex.pk)
    assert leads_to(again) == page_of(Booking.objects.get())


def test_a_hold_sent_again_after_it_was_confirmed_leads_to_the_booking(browser, opening, alex):
    hold(browser, opening, client=alex.pk)
    commit(browser, Booking.objects.get(), how="unpaid", reason="Pays in cash")
    assert leads_to(hold(browser, opening, client=alex.pk)) == page_of(Booking.objects.get(status="confirmed"))


def test_a_couple_held_for_one_of_them_sent_again_leads_to_the_hold(browser, office, alex):
    days = opening_ids(office.program)[0]
    hold(browser, days, client=alex.pk, service=office.program.slug)
    again = hold(browser, days, client=alex.pk, service=office.program.slug)
    assert leads_to(again) == page_of(Booking.objects.get())


def test_all_dates_held_again_lead_to_the_page_of_the_hold(browser, criteria):
    hold_dates(browser, criteria, **{THIRD.isoformat(): "skip"})
    again = hold_dates(browser, criteria, **{THIRD.isoformat(): "skip"})
    assert leads_to(again) == page_of(Booking.objects.get())


def test_a_standing_appointment_held_again_leads_to_the_page_of_the_hold(browser, criteria):
    standing = criteria | {"repeat": "open", "every": "2"}
    hold_dates(browser, standing)
    assert leads_to(hold_dates(browser, standing)) == page_of(Booking.objects.get())


def test_dates_other_than_those_held_are_still_in_conflict(browser, criteria):
    hold_dates(browser, criteria)
    assert hold_dates(browser, criteria, **{THIRD.isoformat(): "skip"}).status_code == 422


def test_the_same_time_for_another_client_is_taken(browser, opening, alex):
    hold(browser, opening, client=alex.pk)
    assert hold(browser, opening, client=a_client("Sam Stone").pk).status_code == 409


def test_a_hold_made_by_another_desk_user_is_a_lost_race(browser, opening, alex):
    hold_for(opening=opening, people=[Person(client_id=alex.pk)], by=an_actor("owner"), now=NOW)
    assert hold(browser, opening, client=alex.pk).status_code == 409


def test_a_released_hold_can_be_held_again(browser, opening, alex):
    hold(browser, opening, client=alex.pk)
    first = Booking.objects.get()
    browser.post(f"/desk/bookings/{first.reference}/release/")
    again = hold(browser, opening, client=alex.pk)
    assert leads_to(again) == page_of(Booking.objects.exclude(pk=first.pk).get())
