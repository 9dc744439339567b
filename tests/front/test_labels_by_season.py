"""A visit in July and one in January, viewed in winter and in summer, are shown by their own date (F43)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client as Browser
from rest_framework.test import APIClient

from backend.accounts.actor import Actor
from scheduling.messages import wording
from scheduling.models import Booking, Clinician, License, Practice, Service
from scheduling.operations.bookings.hold import hold_for
from scheduling.operations.clients import Person
from scheduling.operations.links.feeds import reset_feed
from scheduling.operations.links.links import issue
from scheduling.queries.people.parts import parts_of
from tests.factories import a_desk_actor, a_practice, a_user, an_actor
from tests.front.api.conftest import API
from tests.scheduling.ical.reading import events, occurrences, parse
from tests.scheduling.messages.people import PHONE, confirm, work
from tests.scheduling.queries.world import World, a_world, clock, found
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
# At ten in the morning of the office: 15:00 UTC in summer, 16:00 UTC in winter.
VISITS = {"July": date(2027, 7, 20), "January": date(2028, 1, 18)}
UTC_HOUR = {"July": 15, "January": 16}
OFFSET = {"July": "-05:00", "January": "-06:00"}
LABEL = {"July": "CDT", "January": "CST"}
SEEN_IN = {"winter": datetime(2027, 1, 12, 15, tzinfo=UTC), "summer": datetime(2027, 7, 13, 15, tzinfo=UTC)}
# Labels that would be right for half of the year only.
FIXED = re.compile(r"\b(C[DS]T|E[DS]T|GMT|UTC)\b|[+-]0[56]:?00")

of_visits = pytest.mark.parametrize("month", VISITS)
of_seasons = pytest.mark.parametrize("season", SEEN_IN)


@pytest.fixture
def world() -> World:
    a_practice()
    made = a_world()
    Service.objects.update(horizon_days=500)
    License.objects.update(expires_on=date(2030, 12, 31))
    return made


@pytest.fixture
def looked_at(world, month, season):
    """The visit of `month`, with the time frozen in `season`."""
    now = SEEN_IN[season]
    with time_machine.travel(now, tick=False):
        yield world, booked(world, VISITS[month], now), now


def booked(world: World, on: date, now: datetime) -> Booking:
    ann = Person(
        name="Ann Example", email="ann@example.com", phone=PHONE, may_email=True, may_text=True, calendar_invites=True
    )
    opening = next(one for one in found(world.service, on, now=now) if one.starts_at == clock(on, 10))
    return confirm(hold_for(opening=opening.id, people=[ann], by=an_actor(), now=now), now=now)


def shown(html: str) -> str:
    """The text of a page."""
    return re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.S))


@of_seasons
@of_visits
def test_a_persons_own_page_names_the_locations_zone_without_an_offset_F43(looked_at):
    _, booking, now = looked_at
    browser = Browser()
    browser.get(f"/m/{issue(participant=booking.participants.get(), now=now)}/")

    words = shown(browser.get(f"/booking/{booking.reference}/").content.decode())

    assert "10:00 AM to 10:50 AM" in words
    assert "Times are in Central time." in words
    assert not FIXED.search(words)


@of_seasons
@of_visits
def test_desk_and_schedule_show_ten_in_the_morning_F43(looked_at, month):
    world, _, _ = looked_at
    clinician = a_user("clinician")
    Clinician.objects.filter(pk=world.person.pk).update(user=clinician)
    desk = sign_in(Browser(), a_desk_actor(world.office).user).get(f"/desk/mckinney/{VISITS[month]}/")
    week = sign_in(Browser(), clinician).get(f"/schedule/week/{VISITS[month]}/")

    for page in (desk, week):
        words = shown(page.content.decode())
        assert "10:00 AM" in words
        assert not FIXED.search(words)


@of_seasons
@of_visits
def test_mail_and_text_name_the_locations_zone_without_an_offset_F43(looked_at):
    _, booking, now = looked_at
    work(now)
    (mine,) = parts_of(booking)
    texts = [
        wording.text(purpose, mine, mine.visits, link="https://book.hep.example/m/x/", practice=Practice.objects.get())
        for purpose in ("booking_confirmed", "booking_moved", "reminder")
    ]

    told = next(one for one in mail.outbox if "Your booking" in one.subject)
    assert "10:00 AM to 10:50 AM, Central time" in told.body
    for words in [told.body, *(one.body for one in texts)]:
        assert "10:00 AM" in words
        assert not FIXED.search(words)


@of_seasons
@of_visits
def test_the_api_shows_the_offset_of_the_visits_own_date_F43(looked_at, month):
    _, booking, now = looked_at
    bearer = {"Authorization": f"Bearer {issue(participant=booking.participants.get(), now=now)}"}

    told = APIClient().get(f"{API}bookings/{booking.reference}/", headers=bearer).json()

    assert [one["starts_at"] for one in told["appointments"]] == [f"{VISITS[month]}T10:00:00{OFFSET[month]}"]


@of_seasons
@of_visits
def test_a_calendar_invite_has_the_wall_time_and_its_own_zone_rules_F43(looked_at, month):
    world, _, now = looked_at
    clinician = a_user("clinician")
    Clinician.objects.filter(pk=world.person.pk).update(user=clinician)
    work(now)
    secret = reset_feed(by=Actor(user=clinician), detail="busy", now=now)
    feed = Browser().get(f"/calendar/{secret}.ics").content.decode()

    for text in [invite_in_the_mail(), feed]:
        (event,) = events(text)
        start = event["DTSTART"]
        assert start.params["TZID"] == "America/Chicago"
        assert start.to_ical() == f"{VISITS[month]:%Y%m%d}T100000".encode()
        assert [at.hour for at, _ in occurrences(text)] == [UTC_HOUR[month]]
        assert label_by_the_files_own_rules(text, VISITS[month]) == LABEL[month]


def invite_in_the_mail() -> str:
    """The calendar text of the one invite."""
    (invite,) = [one for one in mail.outbox if one.subject.startswith("Calendar entry")]
    parts = [part for part in invite.message().walk() if part.get_content_type() == "text/calendar"]
    return parts[0].get_payload(decode=True).decode()


def label_by_the_files_own_rules(text: str, on: date) -> str:
    """Name of the zone on that day, by the zone rules in the file itself."""
    zone: Any = parse(text).walk("VTIMEZONE")[0]
    return f"{datetime(on.year, on.month, on.day, 10, tzinfo=zone.to_tz(lookup_tzid=False)):%Z}"
