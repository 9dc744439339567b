"""Days on which the demo practice is closed, whatever the year."""

from datetime import date

import pytest

from demo.practice.closures import holidays


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 11, 26), "Thanksgiving"),
        (date(2026, 11, 27), "Day after Thanksgiving"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2027, 1, 1), "New Year's Day"),
        (date(2027, 5, 31), "Memorial Day"),
        (date(2027, 7, 4), "Independence Day"),
        (date(2027, 9, 6), "Labor Day"),
    ],
)
def test_a_holiday_is_found_by_its_date(day, name):
    assert [*holidays(day, date.fromordinal(day.toordinal() + 1))] == [(day, name)]


def test_over_new_year_both_years_are_looked_at():
    found = [day for day, _ in holidays(date(2026, 12, 20), date(2027, 1, 10))]
    assert found == [date(2026, 12, 25), date(2027, 1, 1)]
