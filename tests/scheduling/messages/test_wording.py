"""The words of messages: what they reveal, and whether they fit."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.channels.sms import LIMIT, gsm_length
from scheduling.messages import wording
from scheduling.models import Booking, Client, Location, Participant, Practice
from scheduling.queries.people.parts import Part, Visit

PURPOSES = [
    "booking_confirmed",
    "booking_moved",
    "booking_cancelled",
    "booking_expired",
    "paid_conflict",
    "partner_introduction",
    "reminder",
    "invite",
    "link",
    "pay_link",
]
TEXTED = [
    "booking_confirmed",
    "booking_moved",
    "booking_cancelled",
    "booking_expired",
    "paid_conflict",
    "reminder",
    "link",
    "pay_link",
]
TELLING = re.compile(
    r"therap|trauma|counsel|coach|couple|intensive|session|treatment|emdr|recover|addict|affair|betray|marri"
    r"|diagnos|mental|clinic|dr\.|price|\$|deposit|fee\b|balance",
    re.IGNORECASE,
)
LINK = "https://book.hep.example/m/0123456789abcdefghijkl/"


def a_part(*, wording: str = "discreet", zone: str = "America/Chicago", mode: str = "office", days: int = 1) -> Part:
    office = Location(
        slug="frisco", name="Frisco", street="1 Example Street", city="Frisco", state="TX", postal_code="75000",
        arrival="Park at the back.", zone="America/Chicago",
    )  # fmt: skip
    client = Client(
        name_to_use="Alex", email="alex@example.com", phone="+12145550111", zone=zone, wording=wording,
        may_email=True, may_text=True,
    )  # fmt: skip
    booking = Booking(kind="intensive" if days > 1 else "appointment", location=office)
    start = datetime(2027, 3, 12, 17, 0, tzinfo=UTC)
    visits = [
        Visit(
            starts_at=start + timedelta(days=day),
            ends_at=start + timedelta(days=day, minutes=50),
            mode=mode,
            location=office,
        )
        for day in range(days)
    ]
    return Part(participant=Participant(pk=1, track="A"), booking=booking, client=client, visits=visits)


def a_house(short_name: str = "HEP Appointments") -> Practice:
    return Practice(
        name="Harbor Example Counseling & Recovery",
        short_name=short_name,
        phone="+12145550100",
        email="appointments@hep.example",
    )


def mail_of(purpose: str, part: Part):
    return wording.mail(purpose, part, part.visits, link=LINK, practice=a_house())


@pytest.mark.parametrize("chosen", ["discreet", "standard"])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_no_mail_names_the_kind_of_care_a_person_or_a_price_F119(purpose, chosen):
    mail = mail_of(purpose, a_part(wording=chosen, days=3))

    shown = " ".join([mail.subject, mail.text, re.sub(r"<style>.*?</style>", "", mail.html, flags=re.S)])
    assert TELLING.findall(shown) == []


@pytest.mark.parametrize("purpose", PURPOSES)
def test_discreet_words_name_neither_place_nor_person(purpose):
    mail = mail_of(purpose, a_part())

    for words in (mail.subject, mail.text, mail.html):
        assert not re.search(r"Frisco|Example Street|Alex|Park at", words)


@pytest.mark.parametrize("purpose", ["booking_confirmed", "reminder"])
def test_standard_words_name_the_place_and_how_to_get_in(purpose):
    mail = mail_of(purpose, a_part(wording="standard"))

    for words in (mail.text, mail.html):
        assert "1 Example Street, Frisco, TX 75000" in words
        assert "Park at the back." in words


@pytest.mark.parametrize("purpose", PURPOSES)
def test_text_and_html_say_the_same(purpose):
    mail = mail_of(purpose, a_part())
    html = re.sub(r"<style>.*?</style>|<head>.*?</head>", "", mail.html, flags=re.S)

    shown = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    for line in filter(None, mail.text.splitlines()):
        assert " ".join(line.split()) in shown


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_mail_loads_nothing_from_the_network(purpose):
    html = mail_of(purpose, a_part()).html

    assert not re.search(r"<(img|script|link|iframe|form|object)|url\(|@import|\son\w+=", html, re.IGNORECASE)


def test_a_name_with_markup_is_escaped_in_html():
    part = a_part(wording="standard")
    part.client.name_to_use = "<script>alert(1)</script>"

    assert "<script" not in mail_of("booking_confirmed", part).html


@pytest.mark.parametrize("chosen", ["discreet", "standard"])
@pytest.mark.parametrize("purpose", TEXTED)
def test_a_text_fits_one_message_names_the_sender_and_reveals_nothing_F119(purpose, chosen):
    part = a_part(wording=chosen, days=3)

    text = wording.text(purpose, part, part.visits, link=LINK, practice=a_house())

    assert gsm_length(text.body) <= LIMIT
    assert text.body.startswith("HEP Appointments: ")
    assert "STOP" in text.body
    assert TELLING.findall(text.body) == []


@given(st.text(min_size=1, max_size=40), st.integers(0, 90))
def test_a_text_fits_one_message_with_any_short_name_and_link(short_name, extra):
    part = a_part()
    link = f"https://{'x' * extra}.example/m/0123456789abcdefghijkl/"

    text = wording.text("reminder", part, part.visits, link=link, practice=a_house(short_name))

    assert gsm_length(text.body) <= LIMIT


def test_a_visit_in_person_is_shown_in_the_offices_zone_F40():
    part = a_part(zone="Europe/Athens")

    assert "Friday, March 12, 11:00 AM to 11:50 AM, Central time\n" in mail_of("booking_confirmed", part).text


def test_an_online_visit_is_shown_in_the_recipients_zone_and_then_in_the_offices_F41():
    part = a_part(zone="America/New_York", mode="online")

    words = mail_of("booking_confirmed", part).text
    assert "Friday, March 12, 12:00 PM to 12:50 PM, Eastern time (11:00 AM to 11:50 AM, Central time)" in words


def test_an_online_visit_on_two_different_dates_names_both():
    part = a_part(zone="Asia/Tokyo", mode="online")

    words = mail_of("booking_confirmed", part).text
    assert "Saturday, March 13, 2:00 AM to 2:50 AM, Tokyo time (Friday, March 12, 11:00 AM" in words


def test_a_digest_lists_every_day_across_the_clock_change():
    words = mail_of("reminder", a_part(days=4)).text

    assert words.count("Central time") == 4
    assert "Sunday, March 14, 12:00 PM" in words


def test_the_sender_is_the_short_name_with_the_address_of_the_practice():
    assert mail_of("reminder", a_part()).sender == ("HEP Appointments", "appointments@hep.example")
