"""The couple's booking as the desk, a clinician and the owner's programs see it."""

from __future__ import annotations

import urllib.request
from collections import Counter

import icalendar
import pytest
import recurring_ical_events
from playwright.sync_api import expect

from tests.browser.practice import DESKTOP
from tests.browser.walking import api, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="package")
def blocks(booked, practice):
    """The booked appointments as the owner's programs read them."""
    token = practice.user("owner")["api_token"]
    found = []
    page = api(practice.url, "appointments/?from=2026-01-01&to=2026-01-02&location=frisco", token)
    assert page["results"] == []
    first = booked["first_day"]
    page = api(practice.url, f"appointments/?from={first}&to={booked['day_after']}&location=frisco", token)
    found += [one for one in page["results"] if booked["reference"] in one["bookings"]]
    return found


def test_every_block_has_its_clinicians_and_a_room(blocks):
    assert len(blocks) == 24
    assert all(one["clinicians"] and one["room"] for one in blocks)


def test_five_clinicians_lead_the_program(blocks):
    led = Counter(person["slug"] for one in blocks for person in one["clinicians"])

    assert len(led) == 5
    assert led["juniper-vale"] == 8


def test_the_ledger_shows_the_deposit(booked, practice):
    token = practice.user("owner")["api_token"]

    lines = api(practice.url, f"ledger/?booking={booked['reference']}", token)["results"]

    assert {line["kind"]: line["amount"]["amount_cents"] for line in lines if line["kind"] == "payment"} == {
        "payment": 234000
    }


def test_the_desk_sees_the_booking_in_the_day_list(booked, practice, person):
    page = person(DESKTOP)
    sign_in(page, practice.user("desk"))

    page.goto(f"/desk/frisco/{booked['first_day']}/")

    expect(page.get_by_role("link", name="Alex Sample").first).to_be_visible()
    expect(page.get_by_text("Day 1 of 4").first).to_be_visible()


def test_the_lead_sees_the_booking_in_the_schedule_and_in_the_feed(booked, practice, person):
    page = person()
    sign_in(page, practice.user("clinician"))
    page.goto(f"/schedule/week/{booked['first_day']}/")
    expect(page.get_by_text("A.S.").first).to_be_visible()

    page.goto("/schedule/feed/")
    page.get_by_role("main").locator("form button").first.click()
    address = page.locator("main input[readonly], main code").first
    url = address.input_value() if address.evaluate("e => e.tagName") == "INPUT" else address.inner_text()
    with urllib.request.urlopen(url.strip()) as answer:
        calendar = icalendar.Calendar.from_ical(answer.read())

    day = booked["first_day"].replace("-", "")
    busy = recurring_ical_events.of(calendar).at(day)
    assert len(busy) == 2
    assert not any("Sample" in str(event) for event in busy)
