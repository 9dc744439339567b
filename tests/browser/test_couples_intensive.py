"""A couple books four days at Frisco, end to end, and each person sees their own part."""

from __future__ import annotations

from datetime import date

import icalendar
import pytest
import recurring_ical_events
from playwright.sync_api import expect

from tests.browser.conftest import ALEX, SAM, SAMS_OWN
from tests.browser.walking import (
    DECLINED_CARD,
    GOOD_CARD,
    agree_and_pay,
    expect_booked,
    find_days,
    give_card,
    give_details,
    name_partner,
    wait_for_messages,
)

pytestmark = pytest.mark.browser


def test_the_couple_is_booked(booked):
    expect(booked["alex"].get_by_text(booked["reference"]).first).to_be_visible()


def test_the_partners_first_page_shows_nothing_that_the_other_entered(booked):
    for typed in ("Sammy-as-typed", "Alex", ALEX):
        assert typed not in booked["first_sight"]


def test_the_partner_gets_one_mail_before_choosing(booked, practice):
    assert len(wait_for_messages(booked["sam"], practice.url, SAM, 1)) == 1


def test_each_partners_page_shows_only_their_own_part(booked):
    pages = {name: booked[name] for name in ("alex", "sam")}
    for page in pages.values():
        page.goto(f"/booking/{booked['reference']}/")

    texts = {name: page.get_by_role("main").inner_text() for name, page in pages.items()}

    assert ("Wilhelmina" in texts["alex"], "Caspian" in texts["alex"]) == (True, False)
    assert ("Wilhelmina" in texts["sam"], "Caspian" in texts["sam"]) == (False, True)
    assert "Sam" not in texts["alex"].replace("Sample", "")
    assert "Alex" not in texts["sam"]


@pytest.mark.parametrize(("name", "address"), [("alex", ALEX), ("sam", SAMS_OWN)])
def test_each_partner_gets_their_own_valid_invite_of_four_days(booked, practice, name, address):
    found = wait_for_messages(booked[name], practice.url, address, 2)
    invite = next(one for one in found if one["calendar"])

    calendar = icalendar.Calendar.from_ical(invite["calendar"])

    days = recurring_ical_events.of(calendar).between(date(2026, 1, 1), date(2030, 1, 1))
    assert calendar["METHOD"] == "REQUEST"
    assert len(days) == 4
    assert {str(day["SUMMARY"]) for day in days} == {"Appointment"}
    assert [str(one) for event in calendar.walk("VEVENT") for one in _attendees(event)] == [f"mailto:{address}"]


def _attendees(event):
    found = event.get("ATTENDEE", [])
    return found if isinstance(found, list) else [found]


def test_no_message_names_the_other_partner(booked, practice):
    to_alex = wait_for_messages(booked["alex"], practice.url, ALEX, 2)
    to_sam = [*wait_for_messages(booked["sam"], practice.url, SAMS_OWN, 2), booked["introduction"]]

    assert not any("sam" in one["raw"].lower().replace("sample", "") for one in to_alex)
    assert not any("alex" in one["raw"].lower() for one in to_sam)


def test_after_a_declined_card_another_card_books_without_entering_anything_again(person):
    page = person()
    find_days(page, nth=1)
    give_details(page, name="Robin Sample", email="robin@mail.example")
    name_partner(page, name="Jo", email="")
    agree_and_pay(page)

    give_card(page, DECLINED_CARD)
    expect(page.get_by_text("declined").first).to_be_visible()
    give_card(page, GOOD_CARD)

    expect_booked(page)
