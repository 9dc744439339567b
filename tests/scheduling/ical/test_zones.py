"""Our VTIMEZONE has the same offsets as the time zone database, and simple rules."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Timezone

from scheduling.ical.zones import UnknownRule, timezone_component

US = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
]
ELSEWHERE = ["Europe/London", "Australia/Sydney", "America/Santiago", "Asia/Kolkata", "America/Nuuk", "Asia/Jerusalem"]


def read_back(zone: str):
    """The time zone that a calendar program builds from our text alone."""
    calendar = Calendar()
    calendar.add_component(timezone_component(zone))
    (component,) = Calendar.from_ical(calendar.to_ical()).walk("VTIMEZONE")
    assert isinstance(component, Timezone)
    return component.to_tz(lookup_tzid=False)


@pytest.mark.parametrize("zone", US + ELSEWHERE)
def test_offsets_equal_the_database_from_2025_to_2035_F89(zone):
    ours, real = read_back(zone), ZoneInfo(zone)
    hour = datetime(2025, 1, 1, tzinfo=UTC)
    differing = []
    while hour.year < 2036:
        if hour.astimezone(ours).utcoffset() != hour.astimezone(real).utcoffset():
            differing.append(hour)
        hour += timedelta(hours=7)

    assert differing == []


def test_central_time_has_two_rules_and_no_list_of_dates():
    text = timezone_component("America/Chicago").to_ical().decode()

    assert "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3" in text
    assert "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11" in text
    assert "RDATE" not in text


def test_a_zone_that_never_changes_has_no_rule():
    text = timezone_component("America/Phoenix").to_ical().decode()

    assert "RRULE" not in text
    assert text.count("BEGIN:STANDARD") == 1


def test_a_rule_that_one_rrule_cannot_express_is_refused(monkeypatch):
    monkeypatch.setattr("scheduling.ical.zones.posix_rule", lambda zone: "AAA3BBB,J60,J300")

    with pytest.raises(UnknownRule):
        timezone_component("Nowhere/Julian")
