"""Calendar programs show exactly the times of an invite or feed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.ical.entry import Person, Span, clean_name
from scheduling.ical.write import feed, invite

from .reading import edges, entry, events, local, occurrences, parse, span

GOLDEN = Path(__file__).parent / "golden"
WEEKEND = [span(3, day, 9, 16) for day in range(12, 17)]  # the clocks change on the third day


def test_a_single_visit_is_one_event_without_a_rule():
    (event,) = events(invite(entry([span(3, 12, 9, 10)]), method="REQUEST"))

    assert "RRULE" not in event
    assert event["DTSTART"].dt == local(3, 12, 9)


def test_an_intensive_over_the_clock_change_is_five_days_of_seven_hours_F33():
    shown = occurrences(invite(entry(WEEKEND), method="REQUEST"))

    assert shown == edges(WEEKEND)
    assert {end - start for start, end in shown} == {timedelta(hours=7)}


def test_an_intensive_is_one_daily_rule_with_a_count():
    (event,) = events(invite(entry(WEEKEND), method="REQUEST"))

    assert event["RRULE"].to_ical() == b"FREQ=DAILY;COUNT=5"


def test_the_blocks_of_a_day_become_one_instance_from_first_to_last():
    blocks = [span(3, 12, 9, 10), span(3, 12, 14, 16), span(3, 13, 9, 10), span(3, 13, 13, 16)]

    assert occurrences(invite(entry(blocks), method="REQUEST")) == edges([span(3, 12, 9, 16), span(3, 13, 9, 16)])


def test_a_day_not_attended_is_an_exception_and_never_an_extra_date():
    days = [WEEKEND[0], WEEKEND[2], WEEKEND[4]]
    text = invite(entry(days), method="REQUEST")

    assert occurrences(text) == edges(days)
    assert "RDATE" not in text


def test_a_day_with_other_hours_is_an_override_with_the_sequence_of_the_set_F87():
    days = [WEEKEND[0], span(3, 13, 11, 16), WEEKEND[2]]
    master, override = events(invite(entry(days, sequence=3), method="REQUEST"))

    assert override["RECURRENCE-ID"].dt == local(3, 13, 9)
    assert master["SEQUENCE"] == override["SEQUENCE"] == 3
    assert master["UID"] == override["UID"]


def test_a_weekly_series_keeps_its_wall_time_over_the_november_change_F25():
    weeks = [span(10, 19, 15, 16), span(10, 26, 15, 16), span(11, 2, 15, 16), span(11, 9, 15, 16), span(11, 30, 15, 16)]
    text = invite(entry(weeks), method="REQUEST")

    assert events(text)[0]["RRULE"].to_ical() == b"FREQ=WEEKLY;COUNT=7"
    assert occurrences(text) == edges(weeks)


def test_a_series_every_second_week_has_an_interval_of_two():
    weeks = [span(4, 6, 15, 16), span(4, 20, 15, 16), span(5, 18, 15, 16)]
    (event,) = events(invite(entry(weeks), method="REQUEST"))

    assert event["RRULE"].to_ical() == b"FREQ=WEEKLY;COUNT=4;INTERVAL=2"


def test_a_visit_moved_to_another_weekday_stays_in_its_week():
    weeks = [span(4, 6, 15, 16), span(4, 14, 10, 11), span(4, 20, 15, 16)]
    text = invite(entry(weeks), method="REQUEST")

    assert occurrences(text) == edges(weeks)
    assert events(text)[1]["RECURRENCE-ID"].dt == local(4, 13, 15)


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=14, unique=True),
    st.data(),
    st.sampled_from(["America/Chicago", "America/Phoenix", "Europe/London", "Pacific/Honolulu"]),
)
def test_any_set_of_days_expands_to_exactly_these_days(offsets, data, zone):
    wall = ZoneInfo(zone)
    days = []
    for offset in sorted(offsets):
        start = data.draw(st.sampled_from([8, 9, 13]))
        day = datetime(2027, 2, 20, start, tzinfo=wall) + timedelta(days=offset)
        ends_at = day.astimezone(UTC) + timedelta(hours=data.draw(st.sampled_from([1, 5])))
        days.append(Span(starts_at=day.astimezone(UTC), ends_at=ends_at))

    assert occurrences(invite(entry(days, zone=zone), method="REQUEST")) == edges(days)


def test_a_cancellation_has_only_the_master_with_method_and_status_F84():
    text = invite(entry([WEEKEND[0], span(3, 13, 11, 16)], sequence=4, is_cancelled=True), method="CANCEL")
    (event,) = events(text)

    assert parse(text)["METHOD"] == "CANCEL"
    assert (event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == ("CANCELLED", 4, "TRANSPARENT")


def test_an_invite_is_private_and_has_no_description_or_location_F119():
    (event,) = events(invite(entry([WEEKEND[0]]), method="REQUEST"))

    assert (event["SUMMARY"], event["CLASS"]) == ("Appointment", "PRIVATE")
    assert not {"LOCATION", "DESCRIPTION", "COMMENT", "CONTACT", "URL"} & set(event)


def test_an_invite_requests_no_reply_F96():
    (event,) = events(invite(entry([WEEKEND[0]]), method="REQUEST"))

    assert (event["ATTENDEE"].params["RSVP"], event["ATTENDEE"].params["PARTSTAT"]) == ("FALSE", "ACCEPTED")


def test_every_time_names_its_zone_or_is_utc_F90():
    text = invite(entry([WEEKEND[0], span(3, 14, 10, 12)]), method="REQUEST")
    body = text.split("END:VTIMEZONE")[1]
    times = [line for line in body.split("\r\n") if line.startswith(("DT", "EXDATE", "RECURRENCE-ID"))]

    assert all(line.endswith("Z") or "TZID=America/Chicago:" in line for line in times)
    assert len(times) > 5


NAMES = st.text(max_size=300) | st.sampled_from(
    ['Joe "the man", Jr; x:y', "A\r\nATTENDEE:mailto:evil@x", "A\rX:1", "N\u2028L\x85V\x0b", "é" * 300, "\\n;,", "\\"]
)


@given(NAMES)
def test_no_name_breaks_the_line_F91(name):
    (event,) = events(invite(entry([WEEKEND[0]], attendee=Person(name=name, email="a@example.com")), method="REQUEST"))

    assert event["ATTENDEE"].params.get("CN", "") == clean_name(name)
    assert event["ATTENDEE"] == "mailto:a@example.com"
    assert len(event) == 11


@given(st.text(max_size=60))
def test_no_stored_address_breaks_the_line_F92(address):
    (event,) = events(invite(entry([WEEKEND[0]], attendee=Person(name="A", email=address)), method="REQUEST"))

    assert len(event) == 11


@pytest.mark.parametrize(("method", "cancelled"), [("REQUEST", False), ("CANCEL", True)])
def test_the_text_equals_the_golden_file(method, cancelled):
    days = [span(3, 12, 9, 16, place="1 Example Street, Frisco, TX 75000"), span(3, 14, 10, 16), span(3, 15, 9, 16)]
    text = invite(entry(days, sequence=2, is_cancelled=cancelled), method=method)

    assert text == (GOLDEN / f"{method.lower()}.ics").read_bytes().decode()


def test_a_feed_is_published_with_a_refresh_interval_F100():
    calendar = parse(feed([entry([WEEKEND[0]], organizer=None, attendee=None)], name="HEP"))

    assert (calendar["METHOD"], calendar["REFRESH-INTERVAL"].dt) == ("PUBLISH", timedelta(hours=1))
    assert "ORGANIZER" not in calendar.walk("VEVENT")[0]


def test_a_feed_of_two_zones_defines_both_F88():
    there = span(3, 20, 9, 10, zone=ZoneInfo("America/Denver"))
    calendar = parse(feed([entry([WEEKEND[0]]), entry([there], uid="other", zone="America/Denver")], name="HEP"))

    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["America/Chicago", "America/Denver"]


def test_an_empty_feed_is_a_valid_calendar():
    assert parse(feed([], name="HEP"))["VERSION"] == "2.0"
