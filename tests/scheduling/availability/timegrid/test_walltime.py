"""Conversion of wall time: skipped and doubled times are refused in words; weekly rules are read leniently."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.availability.timegrid.walltime import (
    AmbiguousTime,
    NonexistentTime,
    day_start,
    instant,
    plain_day,
    stretches,
    to_instant,
)
from tests.scheduling.availability.zones import CHICAGO, LORD_HOWE, ZONES, days

CELL = timedelta(minutes=5)


def test_an_ordinary_wall_time_names_one_instant():
    assert instant(date(2027, 7, 1), 9 * 60, CHICAGO) == datetime(2027, 7, 1, 14, tzinfo=UTC)


def test_minute_1440_is_the_midnight_that_ends_the_day_f36():
    assert instant(date(2027, 7, 1), 1440, CHICAGO) == datetime(2027, 7, 2, 5, tzinfo=UTC)


def test_a_time_that_clocks_skip_is_refused_in_words_f28():
    with pytest.raises(NonexistentTime, match=r"Sun, Mar 14, 2027, 2:30 AM does not exist in America/Chicago"):
        instant(date(2027, 3, 14), 150, CHICAGO)


def test_a_time_that_clocks_show_twice_is_refused_with_both_offsets_f29():
    with pytest.raises(AmbiguousTime, match=r"CDT \(-05:00\) or CST \(-06:00\)"):
        instant(date(2027, 11, 7), 90, CHICAGO)


def test_a_time_in_the_half_hour_that_lord_howe_skips_is_refused_f28():
    with pytest.raises(NonexistentTime):
        to_instant(datetime(2027, 10, 3, 2, 15), LORD_HOWE)  # noqa: DTZ001  naive on purpose


def test_an_aware_datetime_given_as_wall_time_is_refused():
    with pytest.raises(ValueError, match="already names an instant"):
        to_instant(datetime(2027, 7, 1, tzinfo=UTC), CHICAGO)


def test_a_day_whose_midnight_is_skipped_begins_at_the_jump():
    santiago = ZoneInfo("America/Santiago")
    assert day_start(date(2027, 9, 5), santiago) == datetime(2027, 9, 5, 4, tzinfo=UTC)


def test_the_day_of_a_clock_change_is_not_plain():
    assert [plain_day(date(2027, 3, n), CHICAGO) for n in (13, 14, 15)] == [True, False, True]


@given(st.sampled_from(ZONES), days(), st.integers(0, 287))
def test_a_wall_time_converted_to_utc_and_back_is_the_same_wall_time(zone, day, cell):
    try:
        at = instant(day, cell * 5, zone)
    except (NonexistentTime, AmbiguousTime):
        return
    assert at.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, datetime.min.time()) + cell * CELL


@given(st.sampled_from(ZONES), days(), st.integers(0, 287), st.integers(1, 288))
def test_stretches_cover_exactly_the_instants_whose_wall_time_lies_inside(zone, day, first, length):
    low = datetime.combine(day, datetime.min.time()) + first * CELL
    high = low + length * CELL
    midnight = datetime.combine(day, datetime.min.time(), UTC)
    around = [midnight + n * CELL for n in range(-14 * 12, 62 * 12)]
    expected = [at for at in around if low <= at.astimezone(zone).replace(tzinfo=None) < high]
    found = stretches(day, first * 5, (first + length) * 5, zone)
    assert [at for at in around if any(a <= at < b for a, b in found)] == expected
