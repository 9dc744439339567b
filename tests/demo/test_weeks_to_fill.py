"""Which weeks the demo's calendars are filled for."""

from datetime import date, timedelta

import pytest

from demo.practice.scene import weeks_to_fill

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize("weekday", range(7))
def test_of_the_short_week_a_whole_working_day_lies_ahead_whatever_the_day(weekday):
    today = MONDAY + timedelta(days=weekday)
    (week,) = weeks_to_fill(today, short=True)
    friday = MONDAY + timedelta(weeks=week, days=4)
    assert today < friday


def test_the_long_calendar_reaches_from_three_weeks_ago_to_four_weeks_from_now():
    assert [*weeks_to_fill(MONDAY, short=False)] == [-3, -2, -1, 0, 1, 2, 3, 4]
